#include <aisci/registry.hpp>

#include "base/text.hpp"
#include "host/discovery.hpp"
#include "host/proxies.hpp"
#include "host/remote.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <any>
#include <mutex>
#include <tuple>
#include <utility>

namespace aisci {

using host::Instance;
using host::KindOf;
using host::Library;

namespace {

// A shared object that may not be loaded yet. Several components share one.
class Plugin {
 public:
  Plugin(std::filesystem::path path, std::string sha256) : path_{std::move(path)}, sha256_{std::move(sha256)} {}
  // One that is never loaded here.
  explicit Plugin(host::RemotePlugin apart) : path_{apart.path}, sha256_{apart.sha256}, apart_{std::move(apart)} {}
  explicit Plugin(std::shared_ptr<Library> library) : library_{std::move(library)} {}

  const std::optional<host::RemotePlugin>& apart() const noexcept { return apart_; }

  Result<std::shared_ptr<Library>> load() {
    const std::lock_guard lock{mutex_};
    if (library_) return library_;
    Result<std::shared_ptr<Library>> opened = Library::open(path_, sha256_);
    problem_ = opened.status();
    if (opened.ok()) library_ = *opened;
    return opened;
  }
  bool loaded() const {
    const std::lock_guard lock{mutex_};
    return library_ != nullptr;
  }
  // Of the last attempt to load it.
  Status problem() const {
    const std::lock_guard lock{mutex_};
    return problem_;
  }

 private:
  mutable std::mutex mutex_;
  std::filesystem::path path_;
  std::string sha256_;
  std::optional<host::RemotePlugin> apart_;
  std::shared_ptr<Library> library_;
  Status problem_;
};

struct Entry {
  ComponentInfo info;
  Status problem;  // known without loading
  bool shadowed = false;
  std::any factory;                // Factory<T>, for components of the program
  std::shared_ptr<Plugin> plugin;  // otherwise
};

}  // namespace

class Registry::Shelf {
 public:
  void add(Entry entry) {
    const std::lock_guard lock{mutex_};
    put(std::move(entry));
  }
  Status add_unique(std::vector<Entry> entries) {
    const std::lock_guard lock{mutex_};
    for (const Entry& entry : entries)
      if (first(entry.info.kind, entry.info.id))
        return already_exists("there is a " + entry.info.kind + " '" + entry.info.id + "' already");
    for (Entry& entry : entries) put(std::move(entry));
    return {};
  }

  // The entry that counts, or NOT_FOUND with what was probably meant.
  Result<Entry> find(const std::string& kind, const std::string& id) const {
    const std::lock_guard lock{mutex_};
    if (const Entry* entry = first(kind, id)) return *entry;
    std::vector<std::string> ids;
    for (const Entry& entry : entries_)
      if (entry.info.kind == kind && !entry.shadowed) ids.push_back(entry.info.id);
    std::sort(ids.begin(), ids.end());
    std::string text = "no " + kind + " '" + id + "'";
    if (const std::string guess = nearest(id, ids); !guess.empty()) text += "; did you mean '" + guess + "'?";
    return not_found(text + (ids.empty() ? "; none is installed" : "; there are: " + join(ids, ", ")));
  }

  std::vector<ComponentInfo> list() const {
    std::vector<ComponentInfo> infos;
    const std::lock_guard lock{mutex_};
    for (const Entry& entry : entries_) {
      ComponentInfo info = entry.info;
      info.loaded = entry.plugin ? entry.plugin->loaded() : entry.problem.ok();
      const Status problem = entry.problem.ok() && entry.plugin ? entry.plugin->problem() : entry.problem;
      if (!problem.ok()) info.problem = problem.message();
      infos.push_back(std::move(info));
    }
    std::stable_sort(infos.begin(), infos.end(), [](const ComponentInfo& a, const ComponentInfo& b) {
      return std::tie(a.kind, a.id) < std::tie(b.kind, b.id);
    });
    return infos;
  }

  template <typename T>
  Result<std::shared_ptr<T>> create(const std::string& id, const std::string& config_json,
                                    const HostServices& services) const {
    AISCI_ASSIGN_OR_RETURN(const Entry entry, find(KindOf<T>::name, id));
    AISCI_RETURN_IF_ERROR(entry.problem);
    AISCI_RETURN_IF_ERROR(check_needs(entry.info, services));
    const ComponentSetup setup{config_json.empty() ? "{}" : config_json, services};
    if (!entry.plugin) return from_factory<T>(entry, setup);
    if (entry.plugin->apart())
      return host::make_remote<T>(*entry.plugin->apart(), id,
                                  entry.info.kind + " " + id + " (" + entry.info.plugin + ")", setup);
    AISCI_ASSIGN_OR_RETURN(const std::shared_ptr<Library> library, entry.plugin->load());
    const aisci_component_t* const component = library->find(KindOf<T>::name, id);
    if (!component)
      return data_loss(entry.info.path.string() + " has no " + KindOf<T>::name + " '" + id +
                       "', which its manifest lists");
    AISCI_ASSIGN_OR_RETURN(std::shared_ptr<Instance> instance,
                           Instance::create(library, *component, KindOf<T>::interface, KindOf<T>::concurrent, setup));
    return host::make_proxy<T>(std::move(instance));
  }

 private:
  // Whether the program has what a component's manifest requires.
  Status check_needs(const ComponentInfo& component, const HostServices& services) const {
    const std::string who = "the " + component.kind + " '" + component.id + "' ";
    for (const std::string& need : component.needs) {
      if (host::names_component(need)) continue;
      if (need == AISCI_HOST_MODEL_TASK ? static_cast<bool>(services.model_task) : services.further.count(need) > 0)
        continue;
      return failed_precondition(who + "requires the host service " + need + ", which is not offered here" +
                                 (need == AISCI_HOST_MODEL_TASK ? "; name a model with --llm and --model" : ""));
    }
    std::vector<std::string> under_way{component.kind + "/" + component.id};
    return check_components(component, under_way);
  }

  // All that a component requires of others, and they in turn; `under_way` is the chain that led here.
  Status check_components(const ComponentInfo& component, std::vector<std::string>& under_way) const {
    for (const std::string& need : component.needs) {
      if (!host::names_component(need)) continue;
      const std::string chain = join(under_way, " requires ") + " requires " + need;
      if (std::find(under_way.begin(), under_way.end(), need) != under_way.end())
        return failed_precondition(chain + ": a circle");
      const auto slash = need.find('/');
      const Result<Entry> other = find(need.substr(0, slash), need.substr(slash + 1));
      if (!other.ok()) return failed_precondition(chain + ", and there is " + other.status().message());
      if (!other->problem.ok())
        return failed_precondition(chain + ", which cannot be used: " + other->problem.message());
      under_way.push_back(need);
      AISCI_RETURN_IF_ERROR(check_components(other->info, under_way));
      under_way.pop_back();
    }
    return {};
  }

  template <typename T>
  static Result<std::shared_ptr<T>> from_factory(const Entry& entry, const ComponentSetup& setup) {
    try {
      Result<std::shared_ptr<T>> made = std::any_cast<const Factory<T>&>(entry.factory)(setup);
      if (made.ok() && !*made) return internal_error("the factory of '" + entry.info.id + "' made nothing");
      return made;
    } catch (const std::exception& error) {
      return internal_error("the factory of '" + entry.info.id + "' threw: " + error.what());
    }
  }

  const Entry* first(const std::string& kind, const std::string& id) const {
    for (const Entry& entry : entries_)
      if (entry.info.kind == kind && entry.info.id == id) return &entry;
    return nullptr;
  }
  void put(Entry entry) {
    // A folder that is listed again adds nothing.
    for (const Entry& known : entries_)
      if (!entry.info.path.empty() && known.info.path == entry.info.path && known.info.kind == entry.info.kind &&
          known.info.id == entry.info.id)
        return;
    if (const Entry* other = first(entry.info.kind, entry.info.id); other && !entry.info.kind.empty()) {
      entry.shadowed = true;
      const std::string by = other->info.path.empty() ? "a component of the program" : other->info.path.string();
      entry.problem = already_exists("not used: " + by + " has the same name and came first");
    }
    entries_.push_back(std::move(entry));
  }

  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
};

namespace {

std::vector<Entry> entries_of(const std::shared_ptr<Library>& library) {
  const auto plugin = std::make_shared<Plugin>(library);
  std::vector<Entry> entries;
  const aisci_plugin_t& table = library->table();
  for (std::uint64_t i = 0; i < table.component_count; ++i) {
    Entry entry;
    entry.info = {table.components[i]->kind,
                  table.components[i]->id,
                  table.info->id,
                  table.info->version,
                  library->path(),
                  false,
                  true,
                  {},
                  {}};
    entry.plugin = plugin;
    entries.push_back(std::move(entry));
  }
  return entries;
}

// Whether a plugin runs in a process of its own.
bool runs_apart(const host::Found& found, Isolation isolation) {
  if (isolation != Isolation::kAuto) return isolation == Isolation::kProcess;
  if (found.manifest.isolation == "process") return true;
  static const std::filesystem::path shipped = std::filesystem::weakly_canonical(Registry::shipped_folder());
  const auto [end, ignored] = std::mismatch(shipped.begin(), shipped.end(), found.path.begin(), found.path.end());
  return shipped.empty() || end != shipped.end();
}

std::vector<Entry> entries_of(const host::Found& found, const Trust& trust) {
  std::vector<Entry> entries;
  const bool apart = runs_apart(found, trust.isolation);
  const auto plugin =
      apart ? std::make_shared<Plugin>(host::RemotePlugin{found.path, found.manifest.sha256, trust.limits})
            : std::make_shared<Plugin>(found.path, found.manifest.sha256);
  for (const auto& [kind, id] : found.manifest.components) {
    Entry entry;
    entry.info = {kind,  id, found.manifest.id,   found.manifest.version, found.path, apart,
                  false, {}, found.manifest.needs};
    entry.problem = found.problem;
    if (entry.problem.ok() && trust.allow && !trust.allow(entry.info))
      entry.problem = permission_denied("the plugin " + found.manifest.id + " is not allowed here");
    entry.plugin = plugin;
    entries.push_back(std::move(entry));
  }
  if (entries.empty()) {  // nothing could be learned of it; still listed
    Entry entry;
    entry.info = {
        {}, found.path.stem().string(), found.manifest.id, found.manifest.version, found.path, false, false, {}, {}};
    entry.problem = found.problem.ok() ? invalid_argument(found.path.string() + " lists no component") : found.problem;
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace

Result<Isolation> parse_isolation(std::string_view name) {
  if (name == "auto") return Isolation::kAuto;
  if (name == "in-process") return Isolation::kInProcess;
  if (name == "process") return Isolation::kProcess;
  return invalid_argument("isolation \"" + std::string{name} + "\": expected auto, in-process or process");
}

Registry::Registry() : shelf_{std::make_unique<Shelf>()} {}
Registry::~Registry() = default;

template <typename T>
Status Registry::register_component(const std::string& id, Factory<T> factory) {
  if (id.empty() || !factory) return invalid_argument("a component needs a name and a factory");
  Entry entry;
  entry.info.kind = KindOf<T>::name;
  entry.info.id = id;
  entry.factory = std::move(factory);
  std::vector<Entry> entries;
  entries.push_back(std::move(entry));
  return shelf_->add_unique(std::move(entries));
}
template AISCI_API Status Registry::register_component(const std::string&, Factory<ValueFunction>);
template AISCI_API Status Registry::register_component(const std::string&, Factory<Agent>);
template AISCI_API Status Registry::register_component(const std::string&, Factory<Sandbox>);
template AISCI_API Status Registry::register_component(const std::string&, Factory<LLMProvider>);
template AISCI_API Status Registry::register_component(const std::string&, Factory<Retriever>);
template AISCI_API Status Registry::register_component(const std::string&, Factory<Writer>);

Status Registry::register_static(const aisci_plugin_t* (*entry)(), void* user) {
  if (!entry) return invalid_argument("a static plugin needs its entry function");
  AISCI_ASSIGN_OR_RETURN(const std::shared_ptr<Library> library, Library::adopt(entry(), user));
  return shelf_->add_unique(entries_of(library));
}

Status Registry::load_plugin(const std::filesystem::path& file, const Trust& trust) {
  std::error_code error;
  host::Found found;
  found.path = std::filesystem::canonical(file, error);
  if (error) return not_found(file.string() + ": " + error.message());
  if (!runs_apart(found, trust.isolation)) {
    AISCI_ASSIGN_OR_RETURN(const std::shared_ptr<Library> library, Library::open(file, {}));
    return shelf_->add_unique(entries_of(library));
  }
  AISCI_ASSIGN_OR_RETURN(found.manifest, host::describe_apart({found.path, {}, trust.limits}));
  return shelf_->add_unique(entries_of(found, Trust{{}, trust.isolation, trust.limits}));
}

Status Registry::load_folder(const std::filesystem::path& folder, const Trust& trust) {
  AISCI_ASSIGN_OR_RETURN(const std::vector<host::Found> plugins, host::find_plugins(folder));
  for (const host::Found& found : plugins)
    for (Entry& entry : entries_of(found, trust)) shelf_->add(std::move(entry));
  return {};
}

std::filesystem::path Registry::shipped_folder() {
  static const char marker = 0;
  Dl_info info{};
  if (!::dladdr(&marker, &info) || !info.dli_fname) return {};
  std::error_code error;
  std::filesystem::path self = std::filesystem::canonical(info.dli_fname, error);
  if (error) self = std::filesystem::canonical("/proc/self/exe", error);  // a program started by a bare name
  const std::filesystem::path below = std::filesystem::path{"aisci"} / "plugins" / "abi1";
  const std::filesystem::path beside = self.parent_path() / below;
  if (std::filesystem::is_directory(beside, error)) return beside;
  const std::filesystem::path above = self.parent_path().parent_path() / "lib" / below;
  return std::filesystem::is_directory(above, error) ? above : beside;
}

std::vector<ComponentInfo> Registry::list() const { return shelf_->list(); }

Result<std::shared_ptr<ValueFunction>> Registry::create_value_function(const std::string& id,
                                                                       const std::string& config_json,
                                                                       const HostServices& services) {
  return shelf_->create<ValueFunction>(id, config_json, services);
}
Result<std::shared_ptr<Agent>> Registry::create_agent(const std::string& id, const std::string& config_json,
                                                      const HostServices& services) {
  return shelf_->create<Agent>(id, config_json, services);
}
Result<std::shared_ptr<Sandbox>> Registry::create_sandbox(const std::string& id, const std::string& config_json,
                                                          const HostServices& services) {
  return shelf_->create<Sandbox>(id, config_json, services);
}
Result<std::shared_ptr<LLMProvider>> Registry::create_llm_provider(const std::string& id,
                                                                   const std::string& config_json,
                                                                   const HostServices& services) {
  return shelf_->create<LLMProvider>(id, config_json, services);
}
Result<std::shared_ptr<Retriever>> Registry::create_retriever(const std::string& id, const std::string& config_json,
                                                              const HostServices& services) {
  return shelf_->create<Retriever>(id, config_json, services);
}
Result<std::shared_ptr<Writer>> Registry::create_writer(const std::string& id, const std::string& config_json,
                                                        const HostServices& services) {
  return shelf_->create<Writer>(id, config_json, services);
}

// What a provider may leave as it is.
Result<std::vector<std::vector<float>>> LLMProvider::embed(std::span<const std::string_view>, const CallContext&) {
  return unimplemented("this provider has no embeddings");
}
Result<std::uint64_t> LLMProvider::count_tokens(std::string_view text, const CallContext&) {
  return std::uint64_t{text.size() / 2 + 1};
}
Result<std::vector<std::string>> LLMProvider::models(const CallContext&) {
  return unimplemented("this provider does not list its models");
}

}  // namespace aisci
