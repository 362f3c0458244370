// Leases of GPUs: one experiment on a GPU at a time, whichever study or process of this user it belongs to.
//
//   GpuLeases leases{usable, GpuLeases::shared_folder()};
//   AISCI_ASSIGN_OR_RETURN(GpuLease lease, leases.take(1, run_id, std::chrono::hours{1}, call));   // waits
//   use(lease.gpus());
//   lease.give_back();                                          // the run has ended
//
// A GPU that was named twice has two shares and takes two experiments; a study that names it once has it alone.
//
// A lease is a locked file, so the kernel takes it back when its process dies. The run itself may live on then, under
// its supervisor, and the file names it: as long as it may still be running, nobody else gets the GPU. It is over when
// its completion record is there, when its supervisor is gone or was never started, when its folder is gone, or when it
// has had all the time it may take. rejoin() is for the study that goes on. (Of a sandbox without a supervisor.json in
// the run's folder nothing is known: its runs are taken to end with the process that started them.)
//
// Threads: any.
#pragma once

#include <aisci/call_context.hpp>
#include <aisci/status.hpp>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/gpus.hpp"

namespace aisci {

// GPUs that one run has. Destroyed without give_back(), it leaves the record: the run may live on.
class GpuLease {
 public:
  GpuLease() = default;
  GpuLease(GpuLease&& other) noexcept;
  GpuLease& operator=(GpuLease&& other) noexcept;
  ~GpuLease();
  const std::vector<Gpu>& gpus() const { return gpus_; }
  // The run has ended, or never began.
  void give_back();

 private:
  friend class GpuLeases;
  void unlock();

  std::vector<Gpu> gpus_;
  std::vector<int> locks_;    // open files whose lock is held
  std::vector<int> records_;  // of those, the ones that name the run
};

class GpuLeases {
 public:
  // `gpus`: as choose_gpus() gives them. `folder`: where the lock files lie; made when the first lease is taken.
  GpuLeases(std::vector<Gpu> gpus, std::filesystem::path folder);

  // Where all studies of this user on this machine look, whatever their environment: /tmp/aisci-gpus-UID.
  static std::filesystem::path shared_folder();

  bool empty() const { return shares_.empty(); }
  // Experiments that can have one at once.
  std::size_t size() const { return shares_.size(); }

  // `count` different GPUs, or as many as there are, all at once: a run that waits holds none. `longest`: after that
  // the run has ended, whatever becomes of this process. Waits; tells `call` what for. CANCELLED and DEADLINE_EXCEEDED
  // as the call says, PERMISSION_DENIED or FAILED_PRECONDITION when the folder cannot be used.
  Result<GpuLease> take(std::size_t count, std::string_view run, std::chrono::seconds longest, const CallContext& call);

  // What an earlier process took for the run; without GPUs when there is nothing.
  GpuLease rejoin(std::string_view run);

 private:
  struct Share {
    Gpu gpu;
    int number;  // among the shares of the GPU
    int of;
  };
  Status make_folder() const;
  std::string holders() const;
  std::filesystem::path file_of(const Gpu& gpu, int share) const;
  std::filesystem::path record_of(const Share& share) const;
  Result<bool> try_share(const Share& share, std::string_view run, std::chrono::seconds longest, GpuLease& lease) const;
  Result<GpuLease> try_all(std::size_t count, std::string_view run, std::chrono::seconds longest) const;

  std::vector<Share> shares_;
  std::size_t different_ = 0;
  std::filesystem::path folder_;
};

}  // namespace aisci
