// Put before the C library (LD_PRELOAD), this makes of the loopback interface a card that stamps packets,
// as far as a program can see: its driver answers, and what the kernel stamps seems to be by the clock of
// a card. It is no card: when a real one tells, and how well, nobody learns from it.
//
// CARD      the file with the driver's setting, "TX RX"; FILE.log gets a line for each change
// FILTERS   what it can stamp that comes, as a bit mask (3: nothing or all)
// FORBIDS   the setting may not be changed
// SENT_ONLY no stamps of what comes

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <time.h>

#include <linux/errqueue.h>
#include <linux/ethtool.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static int is_asked;

static int write_numbers(const char *ending, const char *mode, struct hwtstamp_config *setting) {
  char path[512];
  snprintf(path, sizeof path, "%s%s", getenv("CARD"), ending);
  FILE *file = fopen(path, mode);
  if (file == NULL) return -1;
  fprintf(file, "%d %d\n", setting->tx_type, setting->rx_filter);
  return fclose(file);
}

static int read_setting(struct hwtstamp_config *setting) {
  FILE *file = fopen(getenv("CARD"), "r");
  if (file == NULL) return -1;
  int count = fscanf(file, "%d %d", &setting->tx_type, &setting->rx_filter);
  fclose(file);
  return count == 2 ? 0 : -1;
}

int ioctl(int descriptor, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  struct ifreq *asked = va_arg(arguments, struct ifreq *);
  va_end(arguments);
  switch (request) {
  case SIOCETHTOOL: {
    struct ethtool_ts_info *abilities = (void *)asked->ifr_data;
    abilities->so_timestamping = SOF_TIMESTAMPING_TX_HARDWARE | SOF_TIMESTAMPING_RX_HARDWARE |
                                 SOF_TIMESTAMPING_RAW_HARDWARE;
    abilities->tx_types = 1 << HWTSTAMP_TX_OFF | 1 << HWTSTAMP_TX_ON;
    abilities->rx_filters = getenv("FILTERS") ? atoi(getenv("FILTERS")) : 3;
    return 0;
  }
  case SIOCGHWTSTAMP: return read_setting((void *)asked->ifr_data);
  case SIOCSHWTSTAMP:
    if (getenv("FORBIDS") != NULL) {
      errno = EPERM;
      return -1;
    }
    write_numbers(".log", "a", (void *)asked->ifr_data);
    return write_numbers("", "w", (void *)asked->ifr_data);
  default: {
    int (*next)(int, unsigned long, ...) = dlsym(RTLD_NEXT, "ioctl");
    return next(descriptor, request, asked);
  }
  }
}

// The card's stamps of sent packets are made of the driver's, and so these are asked for.
int setsockopt(int descriptor, int level, int name, const void *value, socklen_t length) {
  int (*next)(int, int, int, const void *, socklen_t) = dlsym(RTLD_NEXT, "setsockopt");
  if (level != SOL_SOCKET || name != SO_TIMESTAMPING) {
    return next(descriptor, level, name, value, length);
  }
  int flags = *(const int *)value;
  is_asked = (flags & SOF_TIMESTAMPING_TX_HARDWARE) != 0;
  if (is_asked) flags |= SOF_TIMESTAMPING_TX_SOFTWARE;
  return next(descriptor, level, name, &flags, sizeof flags);
}

static void stamp(struct msghdr *message, int is_sent) {
  struct scm_timestamping *stamps = NULL;
  struct sock_extended_err *error = NULL;
  for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL;
       part = CMSG_NXTHDR(message, part)) {
    if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SO_TIMESTAMPING) {
      stamps = (void *)CMSG_DATA(part);
    } else if (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_RECVERR) {
      error = (void *)CMSG_DATA(part);
    }
  }
  if (!is_asked || stamps == NULL) return;
  if (is_sent ? error == NULL || error->ee_info != SCM_TSTAMP_SND : getenv("SENT_ONLY") != NULL) {
    return;
  }
  stamps->ts[2] = stamps->ts[0];
  stamps->ts[2].tv_sec -= 1000000000;  // of another epoch
  if (is_sent) memset(&stamps->ts[0], 0, sizeof stamps->ts[0]);
}

ssize_t recvmsg(int descriptor, struct msghdr *message, int flags) {
  ssize_t (*next)(int, struct msghdr *, int) = dlsym(RTLD_NEXT, "recvmsg");
  ssize_t count = next(descriptor, message, flags);
  if (count >= 0) stamp(message, (flags & MSG_ERRQUEUE) != 0);
  return count;
}

int recvmmsg(int descriptor, struct mmsghdr *messages, unsigned capacity, int flags,
             struct timespec *timeout) {
  int (*next)(int, struct mmsghdr *, unsigned, int, struct timespec *) =
      dlsym(RTLD_NEXT, "recvmmsg");
  int count = next(descriptor, messages, capacity, flags, timeout);
  for (int index = 0; index < count; index++) stamp(&messages[index].msg_hdr, 0);
  return count;
}
