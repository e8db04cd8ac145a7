#!/bin/sh
# Eight network namespaces joined by veth pairs: a host, a router that balances over four ways by ports
# (the kernel's own ECMP), a router on each way, one where they meet, and a target. Then runs a command in the
# host's. Usage: kernel-ecmp.sh limited|unlimited COMMAND...
# limited leaves the kernel's limit on ICMP errors as it is.
set -eu
limit=$1
shift
prefix=wwe$$
trap 'for name in h s a b c d j t; do ip netns del $prefix$name 2>/dev/null || true; done' EXIT

in_ns() { name=$1; shift; ip netns exec "$prefix$name" "$@"; }

for name in h s a b c d j t; do
  ip netns add $prefix$name
  in_ns $name ip link set lo up
  for setting in net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
    net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \
    net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 \
    net.ipv4.fib_multipath_hash_policy=1 net.ipv6.fib_multipath_hash_policy=1; do
    in_ns $name sysctl -qw $setting
  done
  [ "$limit" = limited ] || for setting in net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0 \
    net.ipv4.icmp_msgs_per_sec=1000000 net.ipv4.icmp_msgs_burst=100000; do
    # The last two are the whole machine's on older kernels.
    in_ns $name sysctl -qw $setting 2>/dev/null || true
  done
done

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
join h s 1
number=11
for way in a b c d; do
  join s $way $number
  join $way j $((number + 10))
  number=$((number + 1))
done
join j t 31

in_ns h ip route add default via 198.19.1.2
in_ns h ip -6 route add default via 2001:db8:ec:1::2
in_ns t ip route add default via 198.19.31.1
in_ns t ip -6 route add default via 2001:db8:ec:31::1
number=11
for way in a b c d; do
  in_ns $way ip route add default via 198.19.$((number + 10)).2
  in_ns $way ip -6 route add default via 2001:db8:ec:$((number + 10))::2
  in_ns $way ip route add 198.19.1.0/24 via 198.19.$number.1
  in_ns $way ip -6 route add 2001:db8:ec:1::/64 via 2001:db8:ec:$number::1
  number=$((number + 1))
done
in_ns s ip route add 198.19.31.0/24 nexthop via 198.19.11.2 nexthop via 198.19.12.2 \
  nexthop via 198.19.13.2 nexthop via 198.19.14.2
in_ns s ip -6 route add 2001:db8:ec:31::/64 nexthop via 2001:db8:ec:11::2 \
  nexthop via 2001:db8:ec:12::2 nexthop via 2001:db8:ec:13::2 nexthop via 2001:db8:ec:14::2
in_ns j ip route add 198.19.1.0/24 via 198.19.21.1
in_ns j ip -6 route add 2001:db8:ec:1::/64 via 2001:db8:ec:21::1
# Neighbours are looked up now, so that no first probe waits for it.
in_ns h ping -q -c 1 -W 2 198.19.31.2 > /dev/null
in_ns h ping -q -c 1 -W 2 2001:db8:ec:31::2 > /dev/null
in_ns h "$@"
