#include "runtime/gpu_sandbox.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/json.hpp"
#include "runtime/gpu_leases.hpp"

namespace aisci {
namespace {

// What ends a run after its time is over has had its say by then.
constexpr std::chrono::seconds kGrace{60};
// What a program on a GPU needs of the machine's own memory beside what it would need without: CUDA's context, its
// libraries, pinned buffers.
constexpr double kContextMb = 4096;

// The pool of one sandbox, made when it is first needed.
class Pool {
 public:
  Pool(std::function<Result<std::vector<Gpu>>()> find, std::filesystem::path folder)
      : find_{std::move(find)}, folder_{std::move(folder)} {}

  Result<GpuLeases*> leases() {
    const std::lock_guard lock{mutex_};
    if (!leases_) {
      AISCI_ASSIGN_OR_RETURN(auto gpus, find_());
      leases_.emplace(std::move(gpus), folder_);
    }
    return &*leases_;
  }

 private:
  std::mutex mutex_;
  std::function<Result<std::vector<Gpu>>()> find_;
  std::filesystem::path folder_;
  std::optional<GpuLeases> leases_;
};

void show_gpus(const GpuLease& lease, json::object& spec) {
  std::string uuids;
  json::array devices;
  for (const auto& gpu : lease.gpus()) {
    uuids += (uuids.empty() ? "" : ",") + gpu.uuid;
    for (const auto& node : gpu.devices) {
      const json::value value(node);  // not {}: that is an array
      if (std::find(devices.begin(), devices.end(), value) == devices.end()) devices.push_back(value);
    }
  }
  json::object environment = object_of(spec, "environment");
  environment["CUDA_VISIBLE_DEVICES"] = uuids;
  if (!uuids.empty()) environment["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID";
  spec["environment"] = std::move(environment);
  if (!devices.empty()) spec["devices"] = std::move(devices);
  if (!uuids.empty() && spec.contains("memory_mb")) spec["memory_mb"] = number_of(spec, "memory_mb") + kContextMb;
}

std::string told(const GpuLease& lease) {
  json::array list;
  for (const auto& gpu : lease.gpus()) list.push_back(json::object{{"uuid", gpu.uuid}, {"name", gpu.name}});
  return json::serialize(list);
}

class Session final : public SandboxSession {
 public:
  Session(std::unique_ptr<SandboxSession> inner, std::shared_ptr<Pool> pool)
      : pool_{std::move(pool)}, inner_{std::move(inner)} {}

  void hold(std::string_view token, GpuLease lease) {
    const std::lock_guard lock{mutex_};
    held_[std::string{token}] = std::move(lease);
  }

  void end(std::string_view token) {
    const std::lock_guard lock{mutex_};
    if (const auto held = held_.find(std::string{token}); held != held_.end()) held->second.give_back();
  }

  Status put(std::string_view path, const Source& source, const CallContext& call) override {
    return inner_->put(path, source, call);
  }
  Status get(std::string_view path, const Sink& bytes, const CallContext& call) override {
    return inner_->get(path, bytes, call);
  }
  Result<std::string> start(std::string_view spec_json, std::string_view run_id, const CallContext& call) override {
    AISCI_ASSIGN_OR_RETURN(json::object spec, parse_json_object(spec_json, "a specification"));
    const auto wanted = integer_of(spec, "gpus");
    spec.erase("gpus");
    GpuLease lease;
    if (wanted > 0) {
      AISCI_ASSIGN_OR_RETURN(GpuLeases* const leases, pool_->leases());
      const std::chrono::seconds longest{static_cast<std::int64_t>(number_of(spec, "wall_seconds", 3600))};
      AISCI_ASSIGN_OR_RETURN(lease, leases->take(static_cast<std::size_t>(wanted), run_id, longest + kGrace, call));
    }
    show_gpus(lease, spec);
    auto token = inner_->start(json::serialize(spec), run_id, call);
    if (!token.ok()) {
      if (token.status().code() != StatusCode::kAlreadyExists) lease.give_back();
      return token.status();
    }
    if (!lease.gpus().empty()) call.report("gpus", told(lease));
    hold(*token, std::move(lease));
    return token;
  }
  Result<Exit> wait(std::string_view token, const Sink& output, const Sink& errors, const Sink& events,
                    const CallContext& call) override {
    auto exit = inner_->wait(token, output, errors, events, call);
    if (exit.ok()) end(token);
    return exit;
  }
  Status kill(std::string_view token, std::chrono::nanoseconds grace, const CallContext& call) override {
    return inner_->kill(token, grace, call);
  }

 private:
  std::shared_ptr<Pool> pool_;
  std::mutex mutex_;
  std::map<std::string, GpuLease> held_;  // by token
  std::unique_ptr<SandboxSession> inner_;
};

class GpuSandbox final : public Sandbox {
 public:
  GpuSandbox(std::shared_ptr<Sandbox> inner, std::shared_ptr<Pool> pool)
      : inner_{std::move(inner)}, pool_{std::move(pool)} {}

  Result<std::unique_ptr<SandboxSession>> open(std::string_view limits_json, const CallContext& call) override {
    AISCI_ASSIGN_OR_RETURN(auto session, inner_->open(limits_json, call));
    return std::unique_ptr<SandboxSession>{std::make_unique<Session>(std::move(session), pool_)};
  }
  Result<std::unique_ptr<SandboxSession>> attach(std::string_view run_id, const CallContext& call) override {
    AISCI_ASSIGN_OR_RETURN(auto inner, inner_->attach(run_id, call));
    auto session = std::make_unique<Session>(std::move(inner), pool_);
    // A machine without the GPUs of the earlier process can still read how its run ended.
    if (const auto leases = pool_->leases(); leases.ok()) session->hold(run_id, (*leases)->rejoin(run_id));
    return std::unique_ptr<SandboxSession>{std::move(session)};
  }
  Result<std::vector<std::string>> leftovers(const CallContext& call) override { return inner_->leftovers(call); }

 private:
  std::shared_ptr<Sandbox> inner_;
  std::shared_ptr<Pool> pool_;
};

}  // namespace

std::shared_ptr<Sandbox> with_gpus(std::shared_ptr<Sandbox> inner, std::function<Result<std::vector<Gpu>>()> find,
                                   std::filesystem::path leases) {
  return std::make_shared<GpuSandbox>(std::move(inner), std::make_shared<Pool>(std::move(find), std::move(leases)));
}

}  // namespace aisci
