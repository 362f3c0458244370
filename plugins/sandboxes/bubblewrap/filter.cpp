#include "filter.hpp"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <aisci/plugin/call.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace aisci::sandboxes {
namespace {

using plugin::Code;
using plugin::Error;

// A rule on arguments: refused when all conditions hold.
struct Condition {
  const char* call;
  int error;
  std::vector<scmp_arg_cmp> when;
};

// Only the low 32 bits of these arguments reach the kernel's code; the others must not hide them.
constexpr scmp_datum_t kLow = 0xffffffff;
// Calls from here on are newer than the list above. Numbers are the same on every architecture since 424; the
// range ends below x32's, and 451 is the first that libseccomp 2.5.4 does not know.
constexpr int kFirstUnknown = 451, kLastUnknown = 511;

scmp_arg_cmp has_bits(unsigned argument, scmp_datum_t bits) { return {argument, SCMP_CMP_MASKED_EQ, bits, bits}; }
scmp_arg_cmp equals(unsigned argument, scmp_datum_t value) { return {argument, SCMP_CMP_MASKED_EQ, kLow, value}; }
scmp_arg_cmp differs(unsigned argument, scmp_datum_t value) { return {argument, SCMP_CMP_NE, value, 0}; }

std::vector<Condition> conditions() {
  std::vector<Condition> list;
  // New namespaces give capabilities inside them, and with these most of the kernel's faults become reachable.
  for (const scmp_datum_t flag :
       {CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET})
    list.push_back({"clone", EPERM, {has_bits(0, flag)}});
  // Typing into a terminal that was inherited (CVE-2017-5226), and its console's sister.
  for (const scmp_datum_t request : {static_cast<scmp_datum_t>(TIOCSTI), static_cast<scmp_datum_t>(TIOCLINUX)})
    list.push_back({"ioctl", EPERM, {equals(1, request)}});
  // Unix sockets alone: multiprocessing and PyTorch's data loaders pass descriptors over them. Everything else (TCP,
  // UDP, raw, netlink, packet, vsock, AF_ALG, ...) has nothing to reach without a network but the kernel's own faults.
  for (const char* call : {"socket", "socketpair"}) list.push_back({call, EAFNOSUPPORT, {differs(0, AF_UNIX)}});
  // Other execution domains switch old protections off (READ_IMPLIES_EXEC, ADDR_NO_RANDOMIZE).
  list.push_back({"personality", EPERM, {differs(0, 0)}});
  // A set-user-id file among the results would run with its owner's rights on the host.
  for (const scmp_datum_t bit : {S_ISUID, S_ISGID}) {
    for (const auto& [call, mode] :
         {std::pair{"chmod", 1u}, {"fchmod", 1u}, {"fchmodat", 2u}, {"creat", 1u}, {"mknod", 1u}, {"mknodat", 2u}})
      list.push_back({call, EPERM, {has_bits(mode, bit)}});
    for (const scmp_datum_t flag : {O_CREAT, O_TMPFILE}) {
      list.push_back({"open", EPERM, {has_bits(1, flag), has_bits(2, bit)}});
      list.push_back({"openat", EPERM, {has_bits(2, flag), has_bits(3, bit)}});
    }
  }
  // Device nodes; without a capability the kernel refuses them as well.
  for (const scmp_datum_t kind : {S_IFCHR, S_IFBLK}) {
    list.push_back({"mknod", EPERM, {{1, SCMP_CMP_MASKED_EQ, S_IFMT, kind}}});
    list.push_back({"mknodat", EPERM, {{2, SCMP_CMP_MASKED_EQ, S_IFMT, kind}}});
  }
  return list;
}

void must(int result, const std::string& what) {
  if (result != 0)
    throw Error{Code::kFailedPrecondition,
                "the seccomp filter cannot be made (" + what + "): " + std::strerror(-result)};
}

// One name or number; a call that this architecture does not have needs no rule.
void refuse(scmp_filter_ctx filter, const std::string& call, int error, const std::vector<scmp_arg_cmp>& when = {}) {
  const int number = seccomp_syscall_resolve_name(call.c_str());
  if (number < 0) return;
  must(seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(static_cast<std::uint16_t>(error)), number,
                              static_cast<unsigned>(when.size()), when.data()),
       call);
}

void add_rules(scmp_filter_ctx filter) {
  for (const auto& row : refusals()) {
    for (std::size_t begin = 0; begin < row.calls.size();) {
      const std::size_t end = std::min(row.calls.find(' ', begin), row.calls.size());
      refuse(filter, std::string{row.calls.substr(begin, end - begin)}, row.error);
      begin = end + 1;
    }
  }
  for (const auto& rule : conditions()) refuse(filter, rule.call, rule.error, rule.when);
  for (int number = kFirstUnknown; number <= kLastUnknown; ++number)
    must(seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), number, 0), std::to_string(number));
}

}  // namespace

const std::vector<Refusal>& refusals() {
  static const std::vector<Refusal> table{
      {"mount umount umount2 pivot_root chroot open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr",
       EPERM, "changes what the program sees of the file system"},
      {"unshare setns", EPERM, "enters other namespaces, or makes them and gains capabilities inside"},
      {"clone3", ENOSYS, "its flags lie in memory, where no filter can look; C libraries fall back to clone"},
      {"ptrace process_vm_readv process_vm_writev process_madvise pidfd_getfd kcmp", EPERM,
       "reads or changes other processes"},
      {"bpf perf_event_open", EPERM,
       "loads programs into the kernel or measures it: a rich source of kernel faults and side channels"},
      {"userfaultfd", EPERM, "stops the kernel at a chosen instruction: what makes races exploitable"},
      {"io_uring_setup io_uring_enter io_uring_register", ENOSYS, "performs calls past this filter"},
      {"keyctl add_key request_key", EPERM, "key rings are not separated by namespaces"},
      {"open_by_handle_at name_to_handle_at", EPERM,
       "opens files by number, past mounts and folders (the Shocker escape)"},
      {"openat2", ENOSYS, "its mode lies in memory, where no filter can look; libraries fall back to openat"},
      {"kexec_load kexec_file_load reboot", EPERM, "replaces or stops the kernel"},
      {"init_module finit_module delete_module create_module query_module get_kernel_syms", EPERM, "kernel modules"},
      {"quotactl quotactl_fd swapon swapoff acct fanotify_init", EPERM, "administration of the host's file systems"},
      {"iopl ioperm vm86 vm86old modify_ldt", EPERM, "direct access to hardware and old processor modes"},
      {"settimeofday clock_settime clock_settime64 adjtimex clock_adjtime clock_adjtime64 stime", EPERM,
       "sets the host's clocks"},
      {"sethostname setdomainname syslog vhangup", EPERM, "names, messages and terminals of the host"},
      {"lookup_dcookie _sysctl sysfs uselib ustat nfsservctl bdflush", ENOSYS,
       "obsolete; only old faults are left in them"},
      {"memfd_secret", ENOSYS, "memory that even the host cannot look into"},
      {"move_pages migrate_pages", EPERM, "moves the memory of other processes"},
  };
  return table;
}

std::string filter_program() {
  const std::unique_ptr<void, decltype(&seccomp_release)> filter{seccomp_init(SCMP_ACT_ALLOW), &seccomp_release};
  if (!filter) throw Error{Code::kResourceExhausted, "libseccomp has no memory for a filter"};
  // Calls by another architecture's numbers (i386, x32 on x86-64) would slip past rules made for this one.
  must(seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS), "other architectures");
  must(seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2), "binary tree");
  add_rules(filter.get());
  const int fd = ::memfd_create("aisci-filter", MFD_CLOEXEC);
  if (fd < 0)
    throw Error{Code::kResourceExhausted,
                std::string{"no memory file for the seccomp filter: "} + std::strerror(errno)};
  const int exported = seccomp_export_bpf(filter.get(), fd);
  std::string program(static_cast<std::size_t>(std::max<off_t>(::lseek(fd, 0, SEEK_END), 0)), '\0');
  const bool whole = ::pread(fd, program.data(), program.size(), 0) == static_cast<ssize_t>(program.size());
  ::close(fd);
  must(exported, "export");
  if (!whole || program.empty()) throw Error{Code::kInternal, "the seccomp filter could not be read back"};
  return program;
}

}  // namespace aisci::sandboxes
