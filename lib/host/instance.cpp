#include "host/instance.hpp"

#include <aisci/version.h>

#include <cstring>

namespace aisci::host {

Instance::Instance(std::shared_ptr<Library> library, std::string who, bool concurrent, HostServices services)
    : library_{std::move(library)},
      who_{std::move(who)},
      concurrent_{concurrent},
      services_{std::move(services)},
      host_{sizeof(aisci_host_t),    0, this, AISCI_ABI_MAJOR, AISCI_ABI_MINOR, 0, AISCI_VERSION_STRING, &Instance::log,
            &Instance::get_interface} {}

Instance::~Instance() {
  if (!raw_ || !AISCI_HAS(raw_, destroy)) return;
  try {
    raw_->destroy(raw_);
  } catch (...) {
    (void)misbehaved("an exception left its function destroy");
  }
}

Result<std::shared_ptr<Instance>> Instance::create(std::shared_ptr<Library> library, const aisci_component_t& component,
                                                   const char* interface, bool kind_concurrent,
                                                   const ComponentSetup& setup, const CallContext* parent) {
  std::string who = std::string{component.kind} + " " + component.id + " (" + library->table().info->id + ")";
  const bool concurrent = kind_concurrent || (component.flags & AISCI_COMPONENT_CONCURRENT);
  std::shared_ptr<Instance> instance{new Instance{std::move(library), std::move(who), concurrent, setup.services}};
  AISCI_RETURN_IF_ERROR(instance->make(component, interface, setup, parent));
  return instance;
}

Status Instance::make(const aisci_component_t& component, const char* interface, const ComponentSetup& setup,
                      const CallContext* parent) {
  const aisci_setup_t given{sizeof(aisci_setup_t),
                            0,
                            &host_,
                            component.kind,
                            component.id,
                            bytes(setup.config_json),
                            bytes(library_->data_folder()),
                            library_->user()};
  CallContext context;
  context.parent = parent;
  CallState state{context, who_};
  aisci_instance_t* made = nullptr;
  try {
    const Status outcome = state.outcome(library_->table().create(state.raw(), &given, &made));
    if (!outcome.ok()) return outcome.with_context(who_ + " cannot be created");
    raw_ = made;
    if (!raw_ || !AISCI_HAS(raw_, get_interface) || !AISCI_HAS(raw_, destroy))
      return misbehaved("its instance is incomplete");
    table_ = raw_->get_interface(raw_, interface);
  } catch (...) {
    return misbehaved("an exception left its function create");
  }
  if (!table_) return unimplemented(who_ + " does not offer " + interface);
  return {};
}

Status Instance::misbehaved(const std::string& what) const {
  if (services_.log) {
    try {
      services_.log(LogLevel::kPluginMisbehaving, who_, what, {});
    } catch (...) {  // NOLINT: the log is no reason to fail
    }
  }
  return internal_error(who_ + ": " + what);
}

void Instance::log(const aisci_host_t* host, std::int32_t level, aisci_bytes_t message, aisci_bytes_t fields) {
  const auto* const self = static_cast<const Instance*>(host->ctx);
  if (!self->services_.log) return;
  // Only the host says that a plugin misbehaves.
  const bool known = level >= AISCI_LOG_DEBUG && level <= AISCI_LOG_HOST_MISBEHAVING;
  try {
    self->services_.log(known ? static_cast<LogLevel>(level) : LogLevel::kError, self->who_, view(message),
                        view(fields));
  } catch (...) {  // NOLINT: as above
  }
}

const void* Instance::get_interface(const aisci_host_t* host, const char* id) {
  static constexpr aisci_host_model_task_t model_task{sizeof(aisci_host_model_task_t), 0, &Instance::run_model_task};
  const auto* const self = static_cast<const Instance*>(host->ctx);
  if (id && std::strcmp(id, AISCI_HOST_MODEL_TASK) == 0 && self->services_.model_task) return &model_task;
  for (std::size_t i = 0; id && i < kServices.size(); ++i)
    if (std::strcmp(id, kServices[i]) == 0 && self->services_.further.count(id))
      return service_table(i, std::make_index_sequence<kServices.size()>{});
  return nullptr;
}

template <std::size_t... Which>
const void* Instance::service_table(std::size_t which, std::index_sequence<Which...>) {
  static constexpr aisci_host_service_t tables[] = {
      {sizeof(aisci_host_service_t), 0, &Instance::ask_service<Which>}...};
  return &tables[which];
}

namespace {

// Runs a service of the program within a plugin's call; whatever leaves it becomes a code and a sentence.
template <typename Serve>
std::int32_t answer(const aisci_call_t* call, aisci_sink_t* output, aisci_sink_t* failure, const char* what,
                    const Serve& serve) {
  const CallState* const outer = CallState::of(call);
  CallContext context;
  context.parent = outer ? &outer->context() : nullptr;
  context.plugin_call = call;
  Status status;
  try {
    const Result<std::string> answer = serve(context);
    if (answer.ok()) return output ? output->write(output, bytes(*answer)) : AISCI_OK;
    status = answer.status();
  } catch (const std::exception& error) {
    status = internal_error(std::string{what} + " threw: " + error.what());
  } catch (...) {
    status = internal_error(std::string{what} + " threw");
  }
  if (failure) failure->write(failure, bytes(status.message()));
  return static_cast<std::int32_t>(status.code());
}

}  // namespace

std::int32_t Instance::ask(const char* service, const aisci_host_t* host, const aisci_call_t* call, aisci_bytes_t name,
                           aisci_bytes_t input, aisci_sink_t* output, aisci_sink_t* failure) {
  const auto* const self = static_cast<const Instance*>(host->ctx);
  return answer(call, output, failure, service, [&](const CallContext& context) {
    return self->services_.further.find(service)->second(self->who_, view(name), view(input), context);
  });
}

std::int32_t Instance::run_model_task(const aisci_host_t* host, const aisci_call_t* call, aisci_bytes_t name,
                                      aisci_bytes_t input, aisci_bytes_t messages, aisci_bytes_t schema,
                                      aisci_sink_t* output, aisci_sink_t* failure) {
  const auto* const self = static_cast<const Instance*>(host->ctx);
  return answer(call, output, failure, "the model service", [&](const CallContext& context) {
    return self->services_.model_task({view(name), view(input), view(messages), view(schema)}, context);
  });
}

}  // namespace aisci::host
