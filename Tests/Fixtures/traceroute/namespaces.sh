# Network namespaces joined by veth pairs, for the scripts beside this one, which source it with `prefix` set.

in_ns() { name=$1; shift; ip netns exec "$prefix$name" "$@"; }

# make_namespaces NAME...: routers for both families, gone when the script ends.
make_namespaces() {
  names=$*
  trap 'for name in $names; do ip netns del $prefix$name 2>/dev/null || true; done' EXIT
  for name; do
    ip netns add $prefix$name
    in_ns $name ip link set lo up
    for setting in net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
      net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \
      net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0; do
      in_ns $name sysctl -qw $setting
    done
  done
}

# lift_limits NAME...: errors without a limit.
lift_limits() {
  for name; do
    for setting in net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0 \
      net.ipv4.icmp_msgs_per_sec=1000000 net.ipv4.icmp_msgs_burst=100000; do
      # The last two are the whole machine's on older kernels.
      in_ns $name sysctl -qw $setting 2>/dev/null || true
    done
  done
}

# join NEAR FAR NUMBER: 198.19.NUMBER.1 and .2, 2001:db8:ec:NUMBER::1 and ::2
join() {
  ip link add e$3 netns $prefix$1 type veth peer name e$3 netns $prefix$2
  in_ns $1 ip address add 198.19.$3.1/24 dev e$3
  in_ns $2 ip address add 198.19.$3.2/24 dev e$3
  in_ns $1 ip address add 2001:db8:ec:$3::1/64 dev e$3 nodad
  in_ns $2 ip address add 2001:db8:ec:$3::2/64 dev e$3 nodad
  in_ns $1 ip link set e$3 up
  in_ns $2 ip link set e$3 up
}
