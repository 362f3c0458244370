// Today's structs begin with those of each released minor: the same members at the same places and of the same types,
// function by function. The released headers are included in a namespace of their own beside today's.
#include <stddef.h>
#include <stdint.h>

#define aisci_plugin_v1 released_plugin_v1
namespace released {
#include "frozen/v1/include/aisci/abi.h"
}
#undef aisci_plugin_v1
#undef AISCI_ABI_TYPES_H
#undef AISCI_ABI_CALL_H
#undef AISCI_ABI_HOST_H
#undef AISCI_ABI_PLUGIN_H
#undef AISCI_ABI_KINDS_VALUE_FUNCTION_H
#undef AISCI_ABI_H
#undef AISCI_ABI_MINOR
#include <aisci/abi.h>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <type_traits>

namespace {

// The name of a type as the compiler tells it, without the namespace of the released headers.
template <typename T>
std::string name_of() {
  std::string name = __PRETTY_FUNCTION__;
  name = name.substr(name.find("T = "));
  constexpr std::string_view kReleased = "released::";
  for (std::size_t at = name.find(kReleased); at != std::string::npos; at = name.find(kReleased))
    name.erase(at, kReleased.size());
  return name;
}

template <typename Then, typename Now>
void same_type(const char* what) {
  EXPECT_EQ(name_of<Then>(), name_of<Now>()) << what;
  static_assert(sizeof(Then) == sizeof(Now));
}

#define SAME(type, member)                                                                                 \
  static_assert(offsetof(released::type, member) == offsetof(::type, member), #type "." #member " moved"); \
  same_type<decltype(released::type::member), decltype(::type::member)>(#type "." #member)
#define GREW(type) static_assert(sizeof(released::type) <= sizeof(::type), #type " lost its end")
#define FROZEN(type) static_assert(sizeof(released::type) == sizeof(::type), #type " is frozen")

TEST(Prefix, CallSinkAndSource) {
  FROZEN(aisci_bytes_t);
  SAME(aisci_bytes_t, data);
  SAME(aisci_bytes_t, size);
  GREW(aisci_call_t);
  SAME(aisci_call_t, struct_size);
  SAME(aisci_call_t, ctx);
  SAME(aisci_call_t, parent);
  SAME(aisci_call_t, trace_id);
  SAME(aisci_call_t, timeout_ns);
  SAME(aisci_call_t, is_cancelled);
  SAME(aisci_call_t, fail);
  SAME(aisci_call_t, progress);
  SAME(aisci_call_t, report);
  GREW(aisci_sink_t);
  SAME(aisci_sink_t, struct_size);
  SAME(aisci_sink_t, flags);
  SAME(aisci_sink_t, ctx);
  SAME(aisci_sink_t, limit);
  SAME(aisci_sink_t, write);
  GREW(aisci_source_t);
  SAME(aisci_source_t, struct_size);
  SAME(aisci_source_t, flags);
  SAME(aisci_source_t, ctx);
  SAME(aisci_source_t, size);
  SAME(aisci_source_t, read);
}

TEST(Prefix, Host) {
  GREW(aisci_host_t);
  SAME(aisci_host_t, struct_size);
  SAME(aisci_host_t, ctx);
  SAME(aisci_host_t, abi_major);
  SAME(aisci_host_t, abi_minor);
  SAME(aisci_host_t, version);
  SAME(aisci_host_t, log);
  SAME(aisci_host_t, get_interface);
  GREW(aisci_host_model_task_t);
  SAME(aisci_host_model_task_t, struct_size);
  SAME(aisci_host_model_task_t, run);
}

TEST(Prefix, Plugin) {
  GREW(aisci_plugin_info_t);
  SAME(aisci_plugin_info_t, struct_size);
  SAME(aisci_plugin_info_t, id);
  SAME(aisci_plugin_info_t, version);
  GREW(aisci_component_t);
  SAME(aisci_component_t, struct_size);
  SAME(aisci_component_t, flags);
  SAME(aisci_component_t, kind);
  SAME(aisci_component_t, id);
  GREW(aisci_setup_t);
  SAME(aisci_setup_t, struct_size);
  SAME(aisci_setup_t, host);
  SAME(aisci_setup_t, kind);
  SAME(aisci_setup_t, component_id);
  SAME(aisci_setup_t, config_json);
  SAME(aisci_setup_t, data_folder);
  SAME(aisci_setup_t, user);
  GREW(aisci_instance_t);
  SAME(aisci_instance_t, struct_size);
  SAME(aisci_instance_t, self);
  SAME(aisci_instance_t, get_interface);
  SAME(aisci_instance_t, destroy);
  GREW(aisci_plugin_t);
  SAME(aisci_plugin_t, struct_size);
  SAME(aisci_plugin_t, flags);
  SAME(aisci_plugin_t, abi_major);
  SAME(aisci_plugin_t, abi_minor);
  SAME(aisci_plugin_t, min_host_minor);
  SAME(aisci_plugin_t, info);
  SAME(aisci_plugin_t, components);
  SAME(aisci_plugin_t, component_count);
  SAME(aisci_plugin_t, create);
  SAME(aisci_plugin_t, shutdown);
}

TEST(Prefix, ValueFunction) {
  FROZEN(aisci_score_t);
  SAME(aisci_score_t, value);
  SAME(aisci_score_t, stddev);
  SAME(aisci_score_t, flags);
  SAME(aisci_score_t, code);
  FROZEN(aisci_metric_t);
  SAME(aisci_metric_t, name);
  SAME(aisci_metric_t, value);
  GREW(aisci_node_t);
  SAME(aisci_node_t, struct_size);
  SAME(aisci_node_t, depth);
  SAME(aisci_node_t, id);
  SAME(aisci_node_t, parent);
  SAME(aisci_node_t, visits);
  SAME(aisci_node_t, metrics);
  SAME(aisci_node_t, metric_count);
  SAME(aisci_node_t, ctx);
  SAME(aisci_node_t, blob);
  GREW(aisci_value_function_t);
  SAME(aisci_value_function_t, struct_size);
  SAME(aisci_value_function_t, evaluate);
}

// The comparison can fail.
TEST(Prefix, AnotherSignatureIsSeen) {
  using Then = int32_t (*)(const released::aisci_call_t*, double);
  using Now = int32_t (*)(const aisci_call_t*, float);
  EXPECT_NE(name_of<Then>(), name_of<Now>());
  EXPECT_EQ((name_of<int32_t (*)(const released::aisci_call_t*)>()), (name_of<int32_t (*)(const aisci_call_t*)>()));
}

}  // namespace
