#!/bin/sh
# Eight network namespaces joined by veth pairs, a tree: a host, four routers, and three hosts to which whole
# networks belong: 10.64.0.0/16 and 10.65.0.0/16 are three hops away, 10.66.0.0/16 is four; 2001:db8:64::/64 and so
# on are IPv6's. Then runs a command in the host's. Usage: many-targets.sh COMMAND...
set -eu
prefix=wwm$$
trap 'for name in h s a b c t u v; do ip netns del $prefix$name 2>/dev/null || true; done' EXIT

in_ns() { name=$1; shift; ip netns exec "$prefix$name" "$@"; }

for name in h s a b c t u v; do
  ip netns add $prefix$name
  in_ns $name ip link set lo up
  for setting in net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
    net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \
    net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0; do
    in_ns $name sysctl -qw $setting
  done
  for setting in net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0 \
    net.ipv4.icmp_msgs_per_sec=1000000 net.ipv4.icmp_msgs_burst=100000; do
    # The last two are the whole machine's on older kernels.
    in_ns $name sysctl -qw $setting 2>/dev/null || true
  done
done

# join NEAR FAR NUMBER: 198.19.NUMBER.1 and .2, 2001:db8:ec:NUMBER::1 and ::2. Home is by NEAR.
join() {
  ip link add e$3 netns $prefix$1 type veth peer name e$3 netns $prefix$2
  in_ns $1 ip address add 198.19.$3.1/24 dev e$3
  in_ns $2 ip address add 198.19.$3.2/24 dev e$3
  in_ns $1 ip address add 2001:db8:ec:$3::1/64 dev e$3 nodad
  in_ns $2 ip address add 2001:db8:ec:$3::2/64 dev e$3 nodad
  in_ns $1 ip link set e$3 up
  in_ns $2 ip link set e$3 up
  in_ns $2 ip route add default via 198.19.$3.1
  in_ns $2 ip -6 route add default via 2001:db8:ec:$3::1
}

# lead FROM BY NUMBER: FROM's way to 10.NUMBER.0.0/16 and 2001:db8:NUMBER::/64 is the far end of link BY.
lead() {
  in_ns $1 ip route add 10.$3.0.0/16 via 198.19.$2.2
  in_ns $1 ip -6 route add 2001:db8:$3::/64 via 2001:db8:ec:$2::2
}

join h s 1
join s a 2
join s b 3
join a t 4
join a u 5
join b c 6
join c v 7
for number in 64 65 66; do lead h 1 $number; done
for number in 64 65; do lead s 2 $number; done
lead s 3 66
lead a 4 64
lead a 5 65
lead b 6 66
lead c 7 66
for place in t:64 u:65 v:66; do
  in_ns ${place%:*} ip route add local 10.${place#*:}.0.0/16 dev lo
  in_ns ${place%:*} ip -6 route add local 2001:db8:${place#*:}::/64 dev lo
done
# Neighbours are looked up now, so that no first probe waits for it.
for number in 64 65 66; do
  in_ns h ping -q -c 1 -W 2 10.$number.0.1 > /dev/null
  in_ns h ping -q -c 1 -W 2 2001:db8:$number::1 > /dev/null
done
in_ns h "$@"
