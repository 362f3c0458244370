// Registry: the components a program can use, by kind and name, wherever they come from.
//
//   aisci::Registry registry;
//   aisci::Status shipped = registry.load_folder(aisci::Registry::shipped_folder());
//   registry.register_component<aisci::Agent>("shouter", std::make_shared<Shouter>());
//
//   aisci::HostServices services;
//   services.model_task = [&](const aisci::ModelTaskRequest& request, const aisci::CallContext& call) {
//     return ask_model(request.name, request.input_json, call);          // aisci::Result<std::string>
//   };
//   aisci::Result<std::shared_ptr<aisci::Agent>> agent = registry.create_agent("ideation", "{}", services);
//   if (!agent.ok()) std::cerr << agent.status().to_string() << '\n';   // "NOT_FOUND: no agent 'ideaton'; ..."
//
// A plugin is a shared object with a manifest beside it: `name.so` and `name.aisci.json`, in the folder itself or in
// a folder below it. load_folder() reads manifests and runs nothing; a plugin is loaded when the first of its
// components is created, from the very bytes whose SHA-256 the manifest names. What was found and cannot
// be used stays listed with its problem, and creating it is an error: nothing takes its place silently.
//
// Isolation: by default a plugin that is not shipped with aisci runs in a process of its own, one for each component.
// A crash, a hang or a leak there costs the calls under way, which end with UNAVAILABLE and say what happened, and
// never this program; the next call starts the process again. A call that is cancelled or out of time is told so, and
// after a grace its process is killed. It is no sandbox: the plugin keeps the user's files and network. A plugin inside
// this process runs with all its rights, and a crash in it is the end of the program.
//
// Trust: loading a plugin is trusting it. Files and folders must belong to root or the user and must not be writable by
// others.
//
// Ownership: components outlive the registry; the code of plugins stays loaded until the process ends.
// Threads: all members from any thread, at once.
// Since 0.1.
#pragma once

#include <aisci/abi/plugin.h>
#include <aisci/agent.hpp>
#include <aisci/llm_provider.hpp>
#include <aisci/retriever.hpp>
#include <aisci/sandbox.hpp>
#include <aisci/value_function.hpp>
#include <aisci/writer.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace aisci {

// What a component asks a model. The same four texts as in aisci/abi/host.h; valid during the call.
struct ModelTaskRequest {
  std::string_view name;           // "ideation.hypotheses"
  std::string_view input_json;     // the task's input document
  std::string_view messages_json;  // [{"role":"user","content":".."}]: the input rendered for a language model
  std::string_view schema_json;    // JSON Schema of the answer
};

enum class LogLevel { kDebug, kInfo, kWarning, kError, kHostMisbehaving, kPluginMisbehaving };

// What the program offers to a component. Each may be empty: then it is not offered, or lines are dropped.
// They are called from whatever thread the component runs on, and must outlive the component.
struct HostServices {
  // Answers with JSON that is valid under the schema. `call` is a child of the component's call: make it the parent
  // of the provider's. The failure's code and message reach the component.
  std::function<Result<std::string>(const ModelTaskRequest&, const CallContext& call)> model_task;
  // The other services of aisci/abi/host.h by their ids, "aisci.host.rng/1": the table there says what name, input and
  // answer are. `component` as below. A service that is not in the map is not offered.
  using Service = std::function<Result<std::string>(std::string_view component, std::string_view name,
                                                    std::string_view input, const CallContext& call)>;
  std::map<std::string, Service, std::less<>> further;
  // component: "agent ideation". fields_json: an object, or "".
  std::function<void(LogLevel, std::string_view component, std::string_view message, std::string_view fields_json)> log;
};

struct ComponentInfo {
  std::string kind;                // "value_function", "agent", "sandbox", "llm_provider", "retriever", "writer"
  std::string id;                  // what a user names
  std::string plugin;              // "org.aisci.offline"; "" for a component that the program registered itself
  std::string version;             // of the plugin
  std::filesystem::path path;      // of the shared object; "" when there is none
  bool apart = false;              // runs, or would run, in a process of its own
  bool loaded = false;             // its code is in this process
  std::string problem;             // why it cannot be used; "" when nothing is known against it
  std::vector<std::string> needs;  // what its manifest requires, see ManifestWishes
};

// Where a plugin runs.
enum class Isolation {
  kAuto,       // shipped plugins in this process, unless their manifest asks for another; all others in their own
  kInProcess,  // in this process: a call costs nanoseconds, a crash the program
  kProcess,    // one process for each component: a call costs some 20 microseconds, a crash the call
};

// From its name, "auto", "in-process" or "process". INVALID_ARGUMENT for another.
AISCI_API Result<Isolation> parse_isolation(std::string_view name);

// Of a process for a plugin.
struct IsolationLimits {
  std::uint64_t memory_mb = 8192;         // its data; 0: no limit
  std::chrono::milliseconds grace{2000};  // from asking a call to end to killing its process
};

// Whether a plugin may be used, and where.
struct Trust {
  // Asked for each manifest, once for each component, before anything of the plugin is loaded; empty: all that
  // the folder holds.
  std::function<bool(const ComponentInfo&)> allow;
  Isolation isolation = Isolation::kAuto;
  IsolationLimits limits;
};

// What a component in C++ is made from.
struct ComponentSetup {
  std::string config_json;  // an object; "{}" when nothing is configured
  HostServices services;
};

template <typename T>
using Factory = std::function<Result<std::shared_ptr<T>>(const ComponentSetup&)>;

class AISCI_API Registry {
 public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;  // holds loaded code
  Registry& operator=(const Registry&) = delete;

  // A component of the program's own; T is one of the six kinds' classes. ALREADY_EXISTS when the kind has the id.
  template <typename T>
  Status register_component(const std::string& id, Factory<T> factory);
  // The same, when one object serves everyone.
  template <typename T>
  Status register_component(const std::string& id, std::shared_ptr<T> component) {
    return register_component<T>(id, Factory<T>{[component = std::move(component)](const ComponentSetup&) {
                                   return Result<std::shared_ptr<T>>{component};
                                 }});
  }

  // A plugin that is linked into the program: the entry function that AISCI_STATIC_PLUGIN defines, or that a C table
  // stands behind. `user` reaches its components' set-up.
  Status register_static(const aisci_plugin_t* (*entry)(), void* user = nullptr);

  // Lists one plugin by the path of its shared object; a manifest is not needed, because its code is asked: in this
  // process, which then keeps it, or in another. trust.allow is not asked: naming a file is allowing it.
  Status load_plugin(const std::filesystem::path& file, const Trust& trust = {});

  // Lists the plugins of a folder without loading them. NOT_FOUND, or PERMISSION_DENIED for the folder itself; what
  // is wrong with a single plugin is in list(). Of two components with one name the one listed first counts. Listing a
  // folder again adds what is new in it.
  Status load_folder(const std::filesystem::path& folder, const Trust& trust = {});

  // Where the shipped plugins are: lib/aisci/plugins/abi1 beside the library, or beside the program it is part of.
  static std::filesystem::path shipped_folder();

  // Everything that is known, sorted by kind and id; a component that is shadowed comes after the one that counts.
  std::vector<ComponentInfo> list() const;

  // NOT_FOUND (with the nearest name); FAILED_PRECONDITION, PERMISSION_DENIED or DATA_LOSS when the plugin cannot be
  // used, which includes that something its manifest requires is not there, or requires it in turn; otherwise
  // whatever the component's own creation says.
  Result<std::shared_ptr<ValueFunction>> create_value_function(const std::string& id,
                                                               const std::string& config_json = "{}",
                                                               const HostServices& services = {});
  Result<std::shared_ptr<Agent>> create_agent(const std::string& id, const std::string& config_json = "{}",
                                              const HostServices& services = {});
  Result<std::shared_ptr<Sandbox>> create_sandbox(const std::string& id, const std::string& config_json = "{}",
                                                  const HostServices& services = {});
  Result<std::shared_ptr<LLMProvider>> create_llm_provider(const std::string& id, const std::string& config_json = "{}",
                                                           const HostServices& services = {});
  Result<std::shared_ptr<Retriever>> create_retriever(const std::string& id, const std::string& config_json = "{}",
                                                      const HostServices& services = {});
  Result<std::shared_ptr<Writer>> create_writer(const std::string& id, const std::string& config_json = "{}",
                                                const HostServices& services = {});

 private:
  class Shelf;
  std::unique_ptr<Shelf> shelf_;
};

// What an author wants of the program that loads the plugin; it stands in the manifest beside what the code says.
struct ManifestWishes {
  Isolation isolation = Isolation::kAuto;
  // What its components cannot do without, checked before each is created and without running the plugin: a host
  // service by its id ("aisci.host.model-task/1"), or a component as KIND/ID ("retriever/arxiv").
  std::vector<std::string> needs;
};

// Writes the manifest of a plugin beside it (name.so: name.aisci.json) and returns its path. Loads the plugin to
// ask what it provides. Run it after the last change to the file, stripping included.
// INVALID_ARGUMENT for a need that is neither of the two.
AISCI_API Result<std::filesystem::path> write_manifest(const std::filesystem::path& file,
                                                       const ManifestWishes& wishes = {});

}  // namespace aisci
