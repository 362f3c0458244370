// The frame of a plugin: what components are made from, and the macro that lists them.
//
//   #include <aisci/plugin/agent.hpp>
//
//   class Referee final : public aisci::plugin::Agent {
//    public:
//     explicit Referee(const aisci::plugin::Setup& setup) : folder_{setup.data_folder} {}
//     std::vector<std::string> tasks() override { return {"review.review"}; }
//     std::string act(std::string_view task, std::string_view input, aisci::plugin::Call& call) override;
//    private:
//     std::string folder_;
//   };
//   AISCI_PLUGIN("org.example.referee", "1.0.0", AISCI_AGENT("referee", Referee))
//
// One AISCI_PLUGIN in a shared object, at namespace scope, outside any namespace; it may list components of
// several kinds. A component is constructed from a Setup, or by default; what its constructor throws is
// why it cannot be created. A class with `static constexpr bool kConcurrent = true;` says that its functions
// may be called from several threads at once (LLM providers, retrievers and sandboxes always are).
//
// AISCI_STATIC_PLUGIN(function, ...) makes the same table without exporting a symbol, for components that are
// linked into the program: pass `function` to aisci::Registry::register_static.
//
// Since 0.1.
#pragma once

#include <aisci/abi/plugin.h>
#include <aisci/plugin/call.hpp>

#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <type_traits>

namespace aisci::plugin {

// What a component is made from.
struct Setup {
  std::string config_json;  // an object, "{}" when nothing is configured; plugin/json.hpp reads it
  std::string data_folder;  // absolute path of the folder `data` beside the plugin's file; "" when there is none
  Host host;                // valid as long as the component
  void* user = nullptr;     // what a static registration passed
  const aisci_call_t* raw_call = nullptr;

  // The call that makes the component, for services that its constructor asks: setup.call().secret("MY_API_KEY").
  Call call() const noexcept { return Call{raw_call, host}; }
};

namespace detail {

using Create = std::int32_t (*)(const aisci_call_t*, const aisci_setup_t*, aisci_instance_t**) noexcept;

struct Entry {
  aisci_component_t component;
  Create create;
};

template <std::size_t N>
struct Definition {
  const char* id;
  const char* version;
  std::array<Entry, N> entries;
};

template <typename... Entries>
constexpr Definition<sizeof...(Entries)> define(const char* id, const char* version, Entries... entries) {
  static_assert(sizeof...(Entries) > 0, "a plugin lists at least one component");
  return {id, version, {entries...}};
}

inline std::int32_t fail(const aisci_call_t* call, Code code, std::string_view message,
                         std::string_view json) noexcept {
  if (AISCI_HAS(call, fail)) call->fail(call, static_cast<std::int32_t>(code), bytes(message), bytes(json));
  return static_cast<std::int32_t>(code);
}

// Runs `body` and turns whatever it throws into a code. catch (...) is what stops exceptions of a foreign C++ runtime.
template <typename Body>
std::int32_t guard(const aisci_call_t* call, Body&& body) noexcept {
  try {
    body();
    return AISCI_OK;
  } catch (const Error& error) {
    return fail(call, error.code(), error.message(), error.detail());
  } catch (const std::bad_alloc&) {
    return fail(call, Code::kResourceExhausted, "out of memory", {});
  } catch (const std::exception& error) {
    return fail(call, Code::kInternal, error.what(), {});
  } catch (...) {
    return fail(call, Code::kUnknown, "an exception of unknown type", {});
  }
}

// An instance as the host sees it, and the object behind it. Base is the kind's class; its Kind has the id and table.
template <typename Base>
struct Box {
  aisci_instance_t instance;
  Host host;
  std::unique_ptr<Base> object;

  static const void* get_interface(aisci_instance_t*, const char* id) noexcept {
    return std::strcmp(id, Base::Kind::kInterface) == 0 ? Base::Kind::table() : nullptr;
  }
  static void destroy(aisci_instance_t* instance) noexcept { delete static_cast<Box*>(instance->self); }
};

template <typename Base>
Box<Base>& box(aisci_instance_t* instance) noexcept {
  return *static_cast<Box<Base>*>(instance->self);
}

// Body of a trampoline: body(object, call).
template <typename Base, typename Body>
std::int32_t answer(aisci_instance_t* instance, const aisci_call_t* raw, Body&& body) noexcept {
  return guard(raw, [&] {
    Call call{raw, box<Base>(instance).host};
    body(*box<Base>(instance).object, call);
  });
}

template <typename Component>
std::unique_ptr<Component> construct(const Setup& setup) {
  if constexpr (std::is_constructible_v<Component, const Setup&>) {
    return std::make_unique<Component>(setup);
  } else {
    static_assert(std::is_default_constructible_v<Component>, "a component is constructed from a Setup, or by default");
    return std::make_unique<Component>();
  }
}

template <typename Base, typename Component>
std::int32_t create(const aisci_call_t* call, const aisci_setup_t* setup, aisci_instance_t** out) noexcept {
  return guard(call, [&] {
    const Host host{setup->host};
    const Setup given{std::string{view(setup->config_json)}, std::string{view(setup->data_folder)}, host,
                      AISCI_COVERS(setup, user) ? setup->user : nullptr, call};
    const aisci_instance_t instance{sizeof(aisci_instance_t), 0, nullptr, &Box<Base>::get_interface,
                                    &Box<Base>::destroy};
    auto made = std::make_unique<Box<Base>>(Box<Base>{instance, host, nullptr});
    made->object = construct<Component>(given);
    made->instance.self = made.get();
    *out = &made.release()->instance;
  });
}

template <typename Component>
constexpr std::uint32_t flags() {
  if constexpr (requires { Component::kConcurrent; }) {
    return Component::kConcurrent ? AISCI_COMPONENT_CONCURRENT : 0;
  } else {
    return 0;
  }
}

template <typename Base, typename Component>
constexpr Entry entry(const char* id) {
  static_assert(std::is_base_of_v<Base, Component>, "the component's class derives from the class of its kind");
  return {{sizeof(aisci_component_t), flags<Component>(), Base::Kind::kName, id}, &create<Base, Component>};
}

// The table that the host reads, made at compile time from a Definition of internal linkage, so
// that two plugins can never share one.
template <const auto& definition>
struct Table {
  static constexpr std::size_t kCount = definition.entries.size();

  static std::int32_t create(const aisci_call_t* call, const aisci_setup_t* setup, aisci_instance_t** out) noexcept {
    for (const Entry& entry : definition.entries)
      if (std::strcmp(entry.component.id, setup->component_id) == 0 &&
          std::strcmp(entry.component.kind, setup->kind) == 0)
        return entry.create(call, setup, out);
    return fail(call, Code::kNotFound, "the plugin has no component of this name", {});
  }

  static constexpr aisci_plugin_info_t info{sizeof(aisci_plugin_info_t), 0, definition.id, definition.version};
  static constexpr std::array<const aisci_component_t*, kCount> components = [] {
    std::array<const aisci_component_t*, kCount> pointers{};
    for (std::size_t i = 0; i < kCount; ++i) pointers[i] = &definition.entries[i].component;
    return pointers;
  }();
  static constexpr aisci_plugin_t plugin{sizeof(aisci_plugin_t), 0,      AISCI_ABI_MAJOR, AISCI_ABI_MINOR, 0, 0, &info,
                                         components.data(),      kCount, &create,         nullptr};
};

}  // namespace detail
}  // namespace aisci::plugin

#define AISCI_DETAIL_DEFINE_PLUGIN(function, plugin_id, plugin_version, ...)   \
  namespace {                                                                  \
  constexpr auto aisci_definition_of_##function =                              \
      ::aisci::plugin::detail::define(plugin_id, plugin_version, __VA_ARGS__); \
  }

// AISCI_PLUGIN("org.example.name", "1.0.0", AISCI_AGENT("name", Class), ...)
#define AISCI_PLUGIN(plugin_id, plugin_version, ...)                                     \
  AISCI_DETAIL_DEFINE_PLUGIN(aisci_plugin_v1, plugin_id, plugin_version, __VA_ARGS__)    \
  extern "C" AISCI_EXPORT const aisci_plugin_t* aisci_plugin_v1(void) {                  \
    return &::aisci::plugin::detail::Table<aisci_definition_of_aisci_plugin_v1>::plugin; \
  }

// AISCI_STATIC_PLUGIN(my_plugin, "org.example.name", "1.0.0", ...) defines `const aisci_plugin_t* my_plugin()`.
#define AISCI_STATIC_PLUGIN(function, plugin_id, plugin_version, ...)               \
  AISCI_DETAIL_DEFINE_PLUGIN(function, plugin_id, plugin_version, __VA_ARGS__)      \
  [[maybe_unused]] static const aisci_plugin_t* function() {                        \
    return &::aisci::plugin::detail::Table<aisci_definition_of_##function>::plugin; \
  }
