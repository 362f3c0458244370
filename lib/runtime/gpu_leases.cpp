#include "runtime/gpu_leases.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <set>
#include <thread>
#include <utility>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace aisci {
namespace fs = std::filesystem;
namespace {

constexpr auto kBetweenTries = std::chrono::milliseconds{100};
constexpr auto kBetweenNotes = std::chrono::seconds{30};
constexpr int kMoment = 10;  // seconds

// A file of the folder, open and locked; -1 when somebody else has it.
Result<int> lock_file(const fs::path& path, int how) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return permission_denied("leases of GPUs: " + path.string() + ": " + std::strerror(errno));
  if (::flock(fd, how | LOCK_NB) == 0) return fd;
  const int why = errno;
  ::close(fd);
  if (why == EWOULDBLOCK || why == EINTR) return -1;
  return failed_precondition("leases of GPUs: the file system of " + path.string() +
                             " cannot lock files: " + std::strerror(why));
}

json::object record_in(const fs::path& path) {
  const auto text = read_file(path, 1 << 16);
  const auto record = text.ok() ? parse_json_object(*text, "a lease") : Result<json::object>{text.status()};
  return record.ok() ? *record : json::object{};
}

// Whether the supervisor of a run is alive. A number that another process was given since keeps a GPU for longer than
// need be, and no longer than the run may take.
bool supervised(const fs::path& run) {
  const auto pid = integer_of(record_in(run / "supervisor.json"), "pid");
  return pid > 0 && (::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM);
}

// Whether a run that a dead process left may still be using the GPU.
bool runs_on(const fs::path& path, std::string_view but) {
  const json::object record = record_in(path);
  const fs::path run = text_of(record, "run");
  const auto now = std::time(nullptr);
  std::error_code error;
  if (run.empty() || run == but || integer_of(record, "until") <= now || !fs::exists(run, error) ||
      fs::exists(run / "completion.json", error))
    return false;
  // Between its lease and its supervisor a run is a moment without either.
  return supervised(run) ||
         (!fs::exists(run / "supervisor.json", error) && now - integer_of(record, "since") < kMoment);
}

}  // namespace

GpuLease::GpuLease(GpuLease&& other) noexcept
    : gpus_{std::exchange(other.gpus_, {})},
      locks_{std::exchange(other.locks_, {})},
      records_{std::exchange(other.records_, {})} {}

GpuLease& GpuLease::operator=(GpuLease&& other) noexcept {
  if (this != &other) {
    unlock();
    gpus_ = std::exchange(other.gpus_, {});
    locks_ = std::exchange(other.locks_, {});
    records_ = std::exchange(other.records_, {});
  }
  return *this;
}

GpuLease::~GpuLease() { unlock(); }

void GpuLease::give_back() {
  for (const int fd : records_) (void)!::ftruncate(fd, 0);
  unlock();
}

void GpuLease::unlock() {
  for (const int fd : locks_) {
    ::flock(fd, LOCK_UN);  // a process that the host has forked holds the open file as well
    ::close(fd);
  }
  gpus_.clear();
  locks_.clear();
  records_.clear();
}

GpuLeases::GpuLeases(std::vector<Gpu> gpus, fs::path folder) : folder_{std::move(folder)} {
  std::set<std::string> uuids;
  for (const auto& gpu : gpus) {
    const auto same = [&](const auto& other) { return other.uuid == gpu.uuid; };
    const auto before = [&](const auto& share) { return share.gpu.uuid == gpu.uuid; };
    shares_.push_back({gpu, static_cast<int>(std::count_if(shares_.begin(), shares_.end(), before)),
                       static_cast<int>(std::count_if(gpus.begin(), gpus.end(), same))});
    uuids.insert(gpu.uuid);
  }
  different_ = uuids.size();
}

fs::path GpuLeases::shared_folder() { return "/tmp/aisci-gpus-" + std::to_string(::geteuid()); }

Status GpuLeases::make_folder() const {
  struct stat found {};
  if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST)
    return permission_denied("leases of GPUs: cannot make " + folder_.string() + ": " + std::strerror(errno));
  // Another user's folder, or a link to one, would let that user say who has which GPU.
  if (::lstat(folder_.c_str(), &found) != 0 || !S_ISDIR(found.st_mode) || found.st_uid != ::geteuid() ||
      (found.st_mode & 0022) != 0)
    return permission_denied(
        "leases of GPUs: " + folder_.string() +
        " is not a folder that you own and you alone can write; have it removed, or use --gpus none");
  return {};
}

// "NVIDIA L4 is with /home/a/study/experiments/n1/runs/r1", for people.
std::string GpuLeases::holders() const {
  std::vector<std::string> list;
  for (const auto& share : shares_) {
    const std::string run = text_of(record_in(record_of(share)), "run");
    list.push_back(share.gpu.name + " is with " + (run.empty() ? "another study" : printable(run, 300)));
  }
  return join(list, ", ");
}

fs::path GpuLeases::file_of(const Gpu& gpu, int share) const {
  std::string name = gpu.uuid;
  std::replace(name.begin(), name.end(), '/', '_');
  return folder_ / (share < 0 ? name : name + ".share-" + std::to_string(share));
}

fs::path GpuLeases::record_of(const Share& share) const { return file_of(share.gpu, share.of > 1 ? share.number : -1); }

// The GPU's own file is locked by whoever has it alone, and shared by those who share it; each of those locks the file
// of its share as well.
Result<bool> GpuLeases::try_share(const Share& share, std::string_view run, std::chrono::seconds longest,
                                  GpuLease& lease) const {
  const bool alone = share.of == 1;
  const fs::path own = file_of(share.gpu, -1), record = record_of(share);
  GpuLease held;
  AISCI_ASSIGN_OR_RETURN(int fd, lock_file(own, alone ? LOCK_EX : LOCK_SH));
  if (fd < 0) return false;
  held.locks_.push_back(fd);
  if (!alone) {
    AISCI_ASSIGN_OR_RETURN(fd, lock_file(record, LOCK_EX));
    if (fd < 0) return false;
    held.locks_.push_back(fd);
  }
  if (runs_on(own, run) || (!alone && runs_on(record, run))) return false;
  std::error_code error;
  for (int other = 0; alone && fs::exists(file_of(share.gpu, other), error); ++other)
    if (runs_on(file_of(share.gpu, other), run)) return false;
  const auto now = static_cast<std::int64_t>(std::time(nullptr));
  const std::string text =
      json::serialize(json::object{{"run", run}, {"since", now}, {"until", now + longest.count()}});
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
    return resource_exhausted("leases of GPUs: cannot write " + record.string() + ": " + std::strerror(errno));
  held.records_.push_back(fd);
  lease.gpus_.push_back(share.gpu);
  lease.locks_.insert(lease.locks_.end(), held.locks_.begin(), held.locks_.end());
  lease.records_.push_back(fd);
  held.locks_.clear();
  held.records_.clear();
  return true;
}

// As many GPUs as were asked for, or none.
Result<GpuLease> GpuLeases::try_all(std::size_t count, std::string_view run, std::chrono::seconds longest) const {
  GpuLease lease;
  for (const auto& share : shares_) {
    const auto same = [&](const Gpu& gpu) { return gpu.uuid == share.gpu.uuid; };
    if (std::any_of(lease.gpus_.begin(), lease.gpus_.end(), same)) continue;
    if (const Status status = try_share(share, run, longest, lease).status(); !status.ok()) {
      lease.give_back();
      return status;
    }
    if (lease.gpus_.size() == count) return lease;
  }
  lease.give_back();
  return GpuLease{};
}

Result<GpuLease> GpuLeases::take(std::size_t count, std::string_view run, std::chrono::seconds longest,
                                 const CallContext& call) {
  count = std::min(count, different_);
  if (count == 0) return GpuLease{};
  AISCI_RETURN_IF_ERROR(make_folder());
  auto next_note = CallContext::Clock::now() + kBetweenTries;
  for (;;) {
    AISCI_ASSIGN_OR_RETURN(GpuLease lease, try_all(count, run, longest));
    if (!lease.gpus_.empty()) return lease;
    if (call.was_cancelled()) return cancelled("waiting for a GPU was cancelled");
    if (call.is_expired()) return deadline_exceeded("no GPU was free in time");
    if (CallContext::Clock::now() >= next_note) {
      call.progress(0, "waits for a GPU: " + holders());
      next_note = CallContext::Clock::now() + kBetweenNotes;
    }
    std::this_thread::sleep_for(kBetweenTries);
  }
}

GpuLease GpuLeases::rejoin(std::string_view run) {
  GpuLease lease;
  for (const auto& share : shares_) {
    if (run.empty()) break;  // as in the file of a GPU that nobody has
    const fs::path path = record_of(share);
    const json::object record = record_in(path);
    if (text_of(record, "run") != run) continue;
    const auto left = std::max<std::int64_t>(0, integer_of(record, "until") - std::time(nullptr));
    (void)try_share(share, run, std::chrono::seconds{left}, lease);
  }
  return lease;
}

}  // namespace aisci
