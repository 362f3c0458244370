// One component of a plugin at work, seen from the host: its C instance, the services it was given, and the way
// every function of it is called.
#pragma once

#include "host/call_state.hpp"
#include "host/library.hpp"

#include <aisci/registry.hpp>

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace aisci::host {

// The services that share one table, by id.
inline constexpr std::array kServices = {AISCI_HOST_CONFIGURATION, AISCI_HOST_SECRETS,   AISCI_HOST_RNG,
                                         AISCI_HOST_ARTEFACTS,     AISCI_HOST_BUDGET,    AISCI_HOST_METRICS,
                                         AISCI_HOST_RATE_LIMITS,   AISCI_HOST_COMPONENTS};

// A function of an interface table, or null when the plugin's table is too short or leaves it empty.
template <typename Table, typename Function>
Function slot(const Table* table, Function Table::*member) noexcept {
  const auto* const at = reinterpret_cast<const char*>(&(table->*member));
  const auto end = static_cast<std::uint64_t>(at + sizeof(Function) - reinterpret_cast<const char*>(table));
  return end <= table->struct_size ? table->*member : nullptr;
}

class Instance {
 public:
  // kind_concurrent: every component of the kind is called from several threads at once. parent: what it is made for.
  static Result<std::shared_ptr<Instance>> create(std::shared_ptr<Library> library, const aisci_component_t& component,
                                                  const char* interface, bool kind_concurrent,
                                                  const ComponentSetup& setup, const CallContext* parent = nullptr);
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;
  ~Instance();

  const std::string& who() const noexcept { return who_; }
  const void* table() const noexcept { return table_; }
  aisci_instance_t* raw() const noexcept { return raw_; }

  // Calls one function of the table on `target` (the instance or a session). A missing function is UNIMPLEMENTED, an
  // exception out of it INTERNAL.
  template <typename Function, typename Target, typename... Arguments>
  Status call(const char* name, Function function, Target* target, const CallContext& context, Arguments... arguments) {
    if (!function) return unimplemented(who_ + " does not offer " + name);
    std::unique_lock lock{serial_, std::defer_lock};
    if (!concurrent_) lock.lock();
    CallState state{context, who_};
    try {
      return state.outcome(function(target, state.raw(), arguments...));
    } catch (...) {
      return misbehaved(std::string{"an exception left its function "} + name);
    }
  }

  // For the log, and as a status.
  Status misbehaved(const std::string& what) const;

 private:
  Instance(std::shared_ptr<Library> library, std::string who, bool concurrent, HostServices services);
  Status make(const aisci_component_t& component, const char* interface, const ComponentSetup& setup,
              const CallContext* parent);

  static void log(const aisci_host_t* host, std::int32_t level, aisci_bytes_t message, aisci_bytes_t fields);
  static const void* get_interface(const aisci_host_t* host, const char* id);
  static std::int32_t run_model_task(const aisci_host_t* host, const aisci_call_t* call, aisci_bytes_t name,
                                     aisci_bytes_t input, aisci_bytes_t messages, aisci_bytes_t schema,
                                     aisci_sink_t* output, aisci_sink_t* failure);

  static std::int32_t ask(const char* service, const aisci_host_t* host, const aisci_call_t* call, aisci_bytes_t name,
                          aisci_bytes_t input, aisci_sink_t* output, aisci_sink_t* failure);
  // One function a service: a table does not say which one it is.
  template <std::size_t Which>
  static std::int32_t ask_service(const aisci_host_t* host, const aisci_call_t* call, aisci_bytes_t name,
                                  aisci_bytes_t input, aisci_sink_t* output, aisci_sink_t* failure) {
    return ask(kServices[Which], host, call, name, input, output, failure);
  }
  template <std::size_t... Which>
  static const void* service_table(std::size_t which, std::index_sequence<Which...>);

  std::shared_ptr<Library> library_;
  std::string who_;
  bool concurrent_;
  HostServices services_;
  aisci_host_t host_;
  std::mutex serial_;
  aisci_instance_t* raw_ = nullptr;
  const void* table_ = nullptr;
};

}  // namespace aisci::host
