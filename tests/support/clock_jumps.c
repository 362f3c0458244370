/* LD_PRELOAD: a wall clock that jumps by up to a day, to and fro, each time it is read. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long jump(void) {
  static _Atomic unsigned long state = 88172645463325252ul;
  unsigned long x = state;
  x ^= x << 13, x ^= x >> 7, x ^= x << 17;
  state = x;
  return (long)(x % 172800) - 86400;
}

int clock_gettime(clockid_t clock, struct timespec* at) {
  const long result = syscall(SYS_clock_gettime, clock, at);
  if (result == 0 && clock == CLOCK_REALTIME) at->tv_sec += jump();
  return (int)result;
}

int gettimeofday(struct timeval* restrict at, void* restrict zone) {
  struct timespec now;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &now);
  at->tv_sec = now.tv_sec;
  at->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* at) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (at) *at = now.tv_sec;
  return now.tv_sec;
}
