// The least that echo round trips cost on this kernel: one thread, a raw socket, sendmmsg and recvmmsg,
// and no more looked at than is needed to count. scripts/bench ping measures ping-swift beside it.
//
//   echo-floor window COUNT ADDRESS IN_FLIGHT    round trips with one host
//   echo-floor sweep FILE                        one echo to each address of a file
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/icmp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BATCH = 64, LENGTH = 64, ROOM = 256 };

static struct sockaddr_in *targets;
static long target_count;

static unsigned short checksum(const unsigned char *octets, int length) {
  unsigned sum = 0;
  for (int i = 0; i < length; i += 2) sum += octets[i] << 8 | octets[i + 1];
  while (sum >> 16) sum = (sum >> 16) + (sum & 0xffff);
  return htons((unsigned short)~sum);
}

static void read_targets(const char *path) {
  FILE *file = fopen(path, "r");
  char line[64];
  long room = 1 << 20;
  targets = calloc(room, sizeof *targets);
  while (file && target_count < room && fgets(line, sizeof line, file)) {
    line[strcspn(line, "\n")] = 0;
    targets[target_count].sin_family = AF_INET;
    target_count += inet_pton(AF_INET, line, &targets[target_count].sin_addr) == 1;
  }
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int sweeps = strcmp(argv[1], "sweep") == 0;
  long count, window;
  if (sweeps) {
    read_targets(argv[2]);
    count = window = target_count;
  } else {
    if (argc < 5) return 2;
    targets = calloc(1, sizeof *targets);
    targets->sin_family = AF_INET;
    if (inet_pton(AF_INET, argv[3], &targets->sin_addr) != 1) return 2;
    count = atol(argv[2]);
    window = atol(argv[4]);
  }
  int raw = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
  struct icmp_filter only_replies = {~(1u << ICMP_ECHOREPLY)};
  int room = 64 << 20;
  if (raw < 0 || setsockopt(raw, SOL_RAW, ICMP_FILTER, &only_replies, sizeof only_replies)) {
    perror("socket");
    return 1;
  }
  setsockopt(raw, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);

  static unsigned char out[BATCH][LENGTH], in[BATCH][ROOM];
  static struct iovec out_pieces[BATCH], in_pieces[BATCH];
  static struct mmsghdr out_messages[BATCH], in_messages[BATCH];
  unsigned short identifier = (unsigned short)getpid();
  for (int i = 0; i < BATCH; i++) {
    out[i][0] = ICMP_ECHO;
    memcpy(out[i] + 4, &identifier, 2);
    out_pieces[i] = (struct iovec){out[i], LENGTH};
    in_pieces[i] = (struct iovec){in[i], ROOM};
    out_messages[i].msg_hdr.msg_iov = &out_pieces[i];
    in_messages[i].msg_hdr.msg_iov = &in_pieces[i];
    out_messages[i].msg_hdr.msg_iovlen = in_messages[i].msg_hdr.msg_iovlen = 1;
    out_messages[i].msg_hdr.msg_namelen = sizeof *targets;
  }

  long sent = 0, received = 0;
  int patience = 20;
  while (received < count && patience > 0) {
    long batch = count - sent, free_places = window - (sent - received);
    if (batch > free_places) batch = free_places;
    if (batch > BATCH) batch = BATCH;
    for (long i = 0; i < batch; i++) {
      unsigned short sequence = htons((unsigned short)(sent + i));
      memcpy(out[i] + 6, &sequence, 2);
      memset(out[i] + 2, 0, 2);
      unsigned short sum = checksum(out[i], LENGTH);
      memcpy(out[i] + 2, &sum, 2);
      out_messages[i].msg_hdr.msg_name = &targets[sweeps ? sent + i : 0];
    }
    if (batch > 0) {
      int taken = sendmmsg(raw, out_messages, (unsigned)batch, 0);
      if (taken > 0) sent += taken;
    }
    int came = recvmmsg(raw, in_messages, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < came; i++) received += memcmp(in[i] + 24, &identifier, 2) == 0;
    if (came <= 0 && (sent == count || sent - received >= window)) {
      struct pollfd waiting = {raw, POLLIN, 0};
      patience -= poll(&waiting, 1, 50) == 0;
    }
  }
  printf("%ld sent, %ld received\n", sent, received);
  return received == count ? 0 : 1;
}
