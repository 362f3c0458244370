/* Tries to leave the sandbox it runs in, one way a line, and prints what came of each:
 *
 *   name <TAB> errors that count as denied, separated by '|' <TAB> what happened
 *
 * What happened is the name of an error, SIGSYS for a process that the filter killed, or ESCAPED. The environment says
 * where the host's things are: HOME_FILE, SIBLING_FILE, LEDGER_FILE, LABELS_FILE, SOCKET_PATH, SOCKET_NAME (abstract),
 * HOST_PID, and CANARY_HEAD and CANARY_TAIL, two halves of a text that must be nowhere whole. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kKilled = 10001, kNothing = 10002 };

static const char* given(const char* name) {
  const char* value = getenv(name);
  return value ? value : "";
}
static int told(long result) { return result < 0 ? errno : 0; }
static int opened(const char* path, int flags) {
  const int fd = open(path, flags, 0644);
  if (fd < 0) return errno;
  close(fd);
  return 0;
}
static int readable(const char* path) { return opened(path, O_RDONLY); }
static int writable(const char* path) { return opened(path, O_WRONLY | O_CREAT); }
/* A file that may be opened and must not hold the canary. */
static int canary_in(const char* path) {
  static char buffer[1 << 16];
  const int fd = open(path, O_RDONLY);
  if (fd < 0) return errno;
  const ssize_t n = read(fd, buffer, sizeof buffer);
  close(fd);
  if (n < 0) return errno;
  char canary[64];
  snprintf(canary, sizeof canary, "%s%s", given("CANARY_HEAD"), given("CANARY_TAIL"));
  return memmem(buffer, (size_t)n, canary, strlen(canary)) ? 0 : kNothing;
}
static int socket_of(int family, int type, int protocol) {
  const int fd = socket(family, type, protocol);
  if (fd < 0) return errno;
  close(fd);
  return 0;
}
static int connected(const char* address, int port, int type) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  inet_pton(AF_INET, address, &to.sin_addr);
  const int fd = socket(AF_INET, type, 0);
  if (fd < 0) return errno;
  const int error = connect(fd, (struct sockaddr*)&to, sizeof to) == 0 ? 0 : errno;
  close(fd);
  return error;
}
static int unix_connected(const char* name, int abstract) {
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  snprintf(to.sun_path + abstract, sizeof to.sun_path - 1, "%s", name);
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0) return errno;
  const socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)abstract + strlen(name));
  const int error = connect(fd, (struct sockaddr*)&to, size) == 0 ? 0 : errno;
  close(fd);
  return error;
}
/* In a child, because it may be killed; 0 only when the child says the attempt worked. */
static int in_child(void (*attempt)(void)) {
  const pid_t child = fork();
  if (child < 0) return errno;
  if (child == 0) {
    attempt();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) return WTERMSIG(status) == SIGSYS ? kKilled : EINTR;
  return WEXITSTATUS(status);
}

static int read_home(void) { return readable(given("HOME_FILE")); }
static int read_keys(void) { return readable("/root/.ssh/id_rsa"); }
static int read_shadow(void) { return readable("/etc/shadow"); }
static int read_init(void) { return canary_in("/proc/1/environ"); }
static int read_own_environment(void) { return canary_in("/proc/self/environ"); }
static int read_init_root(void) { return canary_in("/proc/1/cmdline"); }
static int read_sibling(void) { return readable(given("SIBLING_FILE")); }
static int read_ledger(void) { return readable(given("LEDGER_FILE")); }
static int read_labels(void) { return readable(given("LABELS_FILE")); }
static int read_kernel_memory(void) { return readable("/proc/kcore"); }
static int read_sys(void) { return readable("/sys/kernel"); }
static int read_groups(void) { return readable("/sys/fs/cgroup"); }
static int inherited(void) {
  for (int fd = 3; fd < 1024; ++fd)
    if (fcntl(fd, F_GETFD) >= 0) return 0;
  return EBADF;
}
static int write_usr(void) { return writable("/usr/canary"); }
static int write_etc(void) { return writable("/etc/canary"); }
static int write_root(void) { return writable("/canary"); }
static int write_job(void) { return writable("/job/canary"); }
static int write_dev(void) { return writable("/dev/canary"); }
static int write_core_pattern(void) { return opened("/proc/sys/kernel/core_pattern", O_WRONLY); }
static int write_sysrq(void) { return opened("/proc/sysrq-trigger", O_WRONLY); }
static int by_symlink(void) {
  unlink("/results/link");
  if (symlink(given("SIBLING_FILE"), "/results/link") != 0) return errno;
  const int error = opened("/results/link", O_WRONLY);
  unlink("/results/link");
  return error;
}
static int by_hard_link(void) { return told(link("/job/red_team", "/results/hard")); }
static int by_hard_link_outside(void) { return told(link(given("SIBLING_FILE"), "/results/hard")); }
static int by_dots(void) {
  char path[4096];
  snprintf(path, sizeof path, "/results/../../../../../..%s", given("SIBLING_FILE"));
  return readable(path);
}
static int by_proc_root(void) {
  char path[4096];
  snprintf(path, sizeof path, "/proc/1/root%s", given("SIBLING_FILE"));
  return readable(path);
}
static int tcp(void) { return connected("127.0.0.1", 22, SOCK_STREAM); }
static int udp(void) { return connected("127.0.0.1", 53, SOCK_DGRAM); }
static int tcp6(void) { return socket_of(AF_INET6, SOCK_STREAM, 0); }
static int raw(void) { return socket_of(AF_INET, SOCK_RAW, IPPROTO_ICMP); }
static int netlink(void) { return socket_of(AF_NETLINK, SOCK_RAW, 0); }
static int packet(void) { return socket_of(AF_PACKET, SOCK_RAW, 0); }
static int vsock(void) { return socket_of(AF_VSOCK, SOCK_STREAM, 0); }
static int alg(void) { return socket_of(AF_ALG, SOCK_SEQPACKET, 0); }
static int metadata(void) { return connected("169.254.169.254", 80, SOCK_STREAM); }
static int dns(void) {
  struct addrinfo* found = NULL;
  return getaddrinfo("example.com", "80", NULL, &found) == 0 ? 0 : ENETUNREACH;
}
static int path_socket(void) { return unix_connected(given("SOCKET_PATH"), 0); }
static int abstract_socket(void) { return unix_connected(given("SOCKET_NAME"), 1); }
static int docker_socket(void) { return unix_connected("/var/run/docker.sock", 0); }
static int bus_socket(void) { return unix_connected("/run/dbus/system_bus_socket", 0); }
static pid_t host_pid(void) { return (pid_t)atoi(given("HOST_PID")); }
static int signal_sibling(void) { return told(kill(host_pid(), 0)); }
static int pidfd_sibling(void) { return told(syscall(SYS_pidfd_open, host_pid(), 0)); }
static int trace_sibling(void) { return told(ptrace(PTRACE_ATTACH, host_pid(), 0, 0)); }
static int trace_self(void) { return told(ptrace(PTRACE_TRACEME, 0, 0, 0)); }
static int read_memory(void) {
  char byte;
  struct iovec here = {&byte, 1}, there = {(void*)&read_memory, 1};
  return told(process_vm_readv(getppid(), &here, 1, &there, 1, 0));
}
static int mount_tmpfs(void) { return told(mount("none", "/tmp", "tmpfs", 0, "")); }
static int unmount(void) { return told(umount2("/job", MNT_DETACH)); }
static int remount(void) { return told(mount(NULL, "/job", NULL, MS_REMOUNT | MS_BIND, NULL)); }
static int change_root(void) { return told(chroot("/tmp")); }
static int pivot(void) { return told(syscall(SYS_pivot_root, "/tmp", "/tmp")); }
static int new_mount_api(void) { return told(syscall(SYS_fsopen, "tmpfs", 0)); }
static int clone_tree(void) { return told(syscall(SYS_open_tree, AT_FDCWD, "/", 1)); }
static int newest_calls(void) { return told(syscall(457, 0, 0, 0, 0)); } /* statmount */
static int unshare_user(void) { return told(unshare(CLONE_NEWUSER)); }
static int unshare_mount(void) { return told(unshare(CLONE_NEWNS)); }
static int clone_user(void) {
  const long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) _exit(0);
  return told(pid);
}
static int clone_three(void) {
  unsigned long long arguments[8] = {CLONE_NEWUSER, 0, 0, 0, SIGCHLD, 0, 0, 0};
  const long pid = syscall(SYS_clone3, arguments, sizeof arguments);
  if (pid == 0) _exit(0);
  return told(pid);
}
static int enter_namespace(void) {
  const int fd = open("/proc/self/ns/net", O_RDONLY);
  return fd < 0 ? errno : told(setns(fd, 0));
}
static int load_bpf(void) { return told(syscall(SYS_bpf, 0, 0, 0)); }
static int keys(void) { return told(syscall(SYS_keyctl, 0, -3, 1)); }
static int add_keys(void) { return told(syscall(SYS_add_key, "user", "canary", "x", 1, -3)); }
static int request_keys(void) { return told(syscall(SYS_request_key, "user", "canary", 0, -3)); }
static int ring(void) { return told(syscall(SYS_io_uring_setup, 1, 0)); }
static int fault_handler(void) { return told(syscall(SYS_userfaultfd, 1)); }
static int performance(void) { return told(syscall(SYS_perf_event_open, 0, 0, -1, -1, 0)); }
static int kexec(void) { return told(syscall(SYS_kexec_load, 0, 0, 0, 0)); }
static int load_module(void) { return told(syscall(SYS_finit_module, 0, "", 0)); }
static int by_handle(void) { return told(syscall(SYS_open_by_handle_at, AT_FDCWD, 0, 0)); }
static int handle_of(void) { return told(syscall(SYS_name_to_handle_at, AT_FDCWD, "/", 0, 0, 0)); }
static int quotas(void) { return told(syscall(SYS_quotactl, 0, 0, 0, 0)); }
static int domain(void) { return told(syscall(SYS_personality, 0x0400000)); } /* READ_IMPLIES_EXEC */
static int restart(void) { return told(syscall(SYS_reboot, 0, 0, 0, 0)); }
static int set_clock(void) {
  const struct timespec when = {1, 0};
  return told(clock_settime(CLOCK_REALTIME, &when));
}
static int kernel_log(void) { return told(syscall(SYS_syslog, 3, 0, 0)); }
static int secret_memory(void) { return told(syscall(447, 0)); }
static int set_user_bit(void) {
  close(open("/results/suid", O_WRONLY | O_CREAT, 0755));
  return told(chmod("/results/suid", 04755));
}
static int set_user_bit_at(void) { return told(fchmodat(AT_FDCWD, "/results/suid", 02755, 0)); }
static int create_with_user_bit(void) { return told(open("/results/suid2", O_WRONLY | O_CREAT, 04755)); }
static int create_through_memory(void) {
  unsigned long long how[3] = {O_WRONLY | O_CREAT, 04755, 0};
  return told(syscall(437, AT_FDCWD, "/results/suid3", how, sizeof how)); /* openat2 */
}
static int become_root(void) { return told(setresuid(0, 0, 0)); }
static int new_privileges(void) { return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? EPERM : 0; }
static int capabilities(void) {
  char line[256];
  unsigned long long effective = 1, bounding = 1;
  FILE* file = fopen("/proc/self/status", "r");
  while (file && fgets(line, sizeof line, file)) {
    sscanf(line, "CapEff: %llx", &effective);
    sscanf(line, "CapBnd: %llx", &bounding);
  }
  return effective == 0 && bounding == 0 ? EPERM : 0;
}
static int type_into_terminal(void) { return told(ioctl(0, TIOCSTI, "x")); }
static int type_with_high_bits(void) { return told(syscall(SYS_ioctl, 0L, 0x100000000L | TIOCSTI, "x")); }
static int paste_into_console(void) { return told(ioctl(0, TIOCLINUX, "\002")); }
static int own_terminal(void) { return opened("/dev/tty", O_RDWR); }
static int make_device(void) { return told(mknod("/tmp/memory", S_IFCHR | 0666, (1 << 8) | 1)); }
static int make_disk(void) { return told(mknod("/tmp/disk", S_IFBLK | 0666, 8 << 8)); }
static int open_memory(void) { return opened("/dev/mem", O_RDONLY); }
static int open_machine(void) { return opened("/dev/kvm", O_RDWR); }
static int raise_limit(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = limit.rlim_max = RLIM_INFINITY;
  return told(setrlimit(RLIMIT_FSIZE, &limit));
}
#ifdef __x86_64__
static void old_abi(void) {
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
  _exit(result > 0 ? 0 : ENOSYS);
}
static void x32_abi(void) { _exit(syscall(0x40000000L | SYS_getpid) > 0 ? 0 : ENOSYS); }
static int call_old_abi(void) { return in_child(old_abi); }
static int call_x32(void) { return in_child(x32_abi); }
#endif

static const struct {
  const char* name;
  const char* denied;
  int (*attempt)(void);
} kAttempts[] = {
    {"read a file of the home folder", "ENOENT", read_home},
    {"read ssh keys", "ENOENT", read_keys},
    {"read /etc/shadow", "ENOENT", read_shadow},
    {"read /proc/1/environ", "nothing|EACCES", read_init},
    {"find a key in the own environment", "nothing", read_own_environment},
    {"find a key in init's arguments", "nothing|EACCES", read_init_root},
    {"read another trial's folder", "ENOENT", read_sibling},
    {"read the ledger", "ENOENT", read_ledger},
    {"read the labels", "ENOENT", read_labels},
    {"read kernel memory (/proc/kcore)", "EACCES|EPERM|nothing|ENOENT", read_kernel_memory},
    {"read /sys", "ENOENT", read_sys},
    {"reach control groups", "ENOENT", read_groups},
    {"use an inherited descriptor", "EBADF", inherited},
    {"write to /usr", "EROFS", write_usr},
    {"write to /etc", "EROFS", write_etc},
    {"write to /", "EROFS", write_root},
    {"write to the code", "EROFS", write_job},
    {"write to /dev", "EROFS", write_dev},
    {"write core_pattern", "EROFS|EACCES", write_core_pattern},
    {"write sysrq-trigger", "EROFS|EACCES|ENOENT", write_sysrq},
    {"write outside by symbolic link", "ENOENT", by_symlink},
    {"hard link to the code", "EXDEV", by_hard_link},
    {"hard link to a file outside", "ENOENT", by_hard_link_outside},
    {"leave by ..", "ENOENT", by_dots},
    {"leave by /proc/1/root", "ENOENT|EACCES", by_proc_root},
    {"TCP", "EAFNOSUPPORT", tcp},
    {"TCP over IPv6", "EAFNOSUPPORT", tcp6},
    {"UDP", "EAFNOSUPPORT", udp},
    {"raw socket", "EAFNOSUPPORT", raw},
    {"netlink socket", "EAFNOSUPPORT", netlink},
    {"packet socket", "EAFNOSUPPORT", packet},
    {"vsock socket", "EAFNOSUPPORT", vsock},
    {"kernel crypto socket", "EAFNOSUPPORT", alg},
    {"metadata address", "EAFNOSUPPORT", metadata},
    {"DNS", "ENETUNREACH", dns},
    {"unix socket by path", "ENOENT", path_socket},
    {"unix socket, abstract", "ECONNREFUSED", abstract_socket},
    {"docker's socket", "ENOENT", docker_socket},
    {"system bus", "ENOENT", bus_socket},
    {"signal a process of the host", "ESRCH", signal_sibling},
    {"pidfd of a process of the host", "ESRCH", pidfd_sibling},
    {"ptrace a process of the host", "EPERM", trace_sibling},
    {"ptrace at all", "EPERM", trace_self},
    {"read another process's memory", "EPERM", read_memory},
    {"mount", "EPERM", mount_tmpfs},
    {"unmount", "EPERM", unmount},
    {"make the code writable", "EPERM", remount},
    {"chroot", "EPERM", change_root},
    {"pivot_root", "EPERM", pivot},
    {"fsopen", "EPERM", new_mount_api},
    {"open_tree", "EPERM", clone_tree},
    {"calls newer than the filter", "ENOSYS", newest_calls},
    {"nested user namespace (unshare)", "EPERM", unshare_user},
    {"nested mount namespace", "EPERM", unshare_mount},
    {"nested user namespace (clone)", "EPERM", clone_user},
    {"nested user namespace (clone3)", "ENOSYS", clone_three},
    {"setns", "EPERM", enter_namespace},
    {"bpf", "EPERM", load_bpf},
    {"keyctl", "EPERM", keys},
    {"add_key", "EPERM", add_keys},
    {"request_key", "EPERM", request_keys},
    {"io_uring", "ENOSYS", ring},
    {"userfaultfd", "EPERM", fault_handler},
    {"perf_event_open", "EPERM", performance},
    {"kexec", "EPERM", kexec},
    {"kernel module", "EPERM", load_module},
    {"open_by_handle_at", "EPERM", by_handle},
    {"name_to_handle_at", "EPERM", handle_of},
    {"quotactl", "EPERM", quotas},
    {"personality", "EPERM", domain},
    {"reboot", "EPERM", restart},
    {"set the clock", "EPERM", set_clock},
    {"kernel log", "EPERM", kernel_log},
    {"secret memory", "ENOSYS", secret_memory},
    {"set-user-id by chmod", "EPERM", set_user_bit},
    {"set-group-id by fchmodat", "EPERM", set_user_bit_at},
    {"set-user-id by open", "EPERM", create_with_user_bit},
    {"set-user-id by openat2", "ENOSYS", create_through_memory},
    {"become root", "EPERM|EINVAL", become_root},
    {"gain privileges by exec", "EPERM", new_privileges},
    {"have a capability", "EPERM", capabilities},
    {"type into the terminal (TIOCSTI)", "EPERM", type_into_terminal},
    {"TIOCSTI with high bits", "EPERM", type_with_high_bits},
    {"paste into the console (TIOCLINUX)", "EPERM", paste_into_console},
    {"have a terminal", "ENXIO|ENOENT", own_terminal},
    {"make a character device", "EPERM", make_device},
    {"make a block device", "EPERM", make_disk},
    {"open /dev/mem", "ENOENT", open_memory},
    {"open /dev/kvm", "ENOENT", open_machine},
    {"raise a limit", "EPERM", raise_limit},
#ifdef __x86_64__
    {"call by i386 numbers", "SIGSYS|EFAULT|EINTR", call_old_abi},
    {"call by x32 numbers", "SIGSYS", call_x32},
#endif
};

int main(void) {
  for (size_t i = 0; i < sizeof kAttempts / sizeof *kAttempts; ++i) {
    const int error = kAttempts[i].attempt();
    const char* what = error == 0          ? "ESCAPED"
                       : error == kKilled  ? "SIGSYS"
                       : error == kNothing ? "nothing"
                                           : strerrorname_np(error);
    printf("%s\t%s\t%s\n", kAttempts[i].name, kAttempts[i].denied, what ? what : "?");
    fflush(stdout);
  }
  return 0;
}
