/* Prints size and member offsets of every struct of the ABI. Built as C and as C++ (layout.cpp); both must give
 * the golden file. */
#include <aisci/abi_draft.h>

#include <stdio.h>

#define STRUCT(type) printf("%s %u\n", #type, (unsigned)sizeof(type))
#define MEMBER(type, member) printf("  %s %u\n", #member, (unsigned)offsetof(type, member))

static void calls(void) {
  STRUCT(aisci_bytes_t);
  MEMBER(aisci_bytes_t, data);
  MEMBER(aisci_bytes_t, size);
  STRUCT(aisci_call_t);
  MEMBER(aisci_call_t, struct_size);
  MEMBER(aisci_call_t, reserved);
  MEMBER(aisci_call_t, ctx);
  MEMBER(aisci_call_t, parent);
  MEMBER(aisci_call_t, trace_id);
  MEMBER(aisci_call_t, timeout_ns);
  MEMBER(aisci_call_t, is_cancelled);
  MEMBER(aisci_call_t, fail);
  MEMBER(aisci_call_t, progress);
  MEMBER(aisci_call_t, report);
  STRUCT(aisci_sink_t);
  MEMBER(aisci_sink_t, struct_size);
  MEMBER(aisci_sink_t, flags);
  MEMBER(aisci_sink_t, ctx);
  MEMBER(aisci_sink_t, limit);
  MEMBER(aisci_sink_t, write);
  STRUCT(aisci_source_t);
  MEMBER(aisci_source_t, struct_size);
  MEMBER(aisci_source_t, flags);
  MEMBER(aisci_source_t, ctx);
  MEMBER(aisci_source_t, size);
  MEMBER(aisci_source_t, read);
}

static void host(void) {
  STRUCT(aisci_host_t);
  MEMBER(aisci_host_t, struct_size);
  MEMBER(aisci_host_t, ctx);
  MEMBER(aisci_host_t, abi_major);
  MEMBER(aisci_host_t, abi_minor);
  MEMBER(aisci_host_t, version);
  MEMBER(aisci_host_t, log);
  MEMBER(aisci_host_t, get_interface);
  STRUCT(aisci_host_model_task_t);
  MEMBER(aisci_host_model_task_t, struct_size);
  MEMBER(aisci_host_model_task_t, run);
  STRUCT(aisci_host_service_t);
  MEMBER(aisci_host_service_t, struct_size);
  MEMBER(aisci_host_service_t, ask);
}

static void plugin(void) {
  STRUCT(aisci_plugin_info_t);
  MEMBER(aisci_plugin_info_t, struct_size);
  MEMBER(aisci_plugin_info_t, id);
  MEMBER(aisci_plugin_info_t, version);
  STRUCT(aisci_component_t);
  MEMBER(aisci_component_t, struct_size);
  MEMBER(aisci_component_t, flags);
  MEMBER(aisci_component_t, kind);
  MEMBER(aisci_component_t, id);
  STRUCT(aisci_setup_t);
  MEMBER(aisci_setup_t, struct_size);
  MEMBER(aisci_setup_t, host);
  MEMBER(aisci_setup_t, kind);
  MEMBER(aisci_setup_t, component_id);
  MEMBER(aisci_setup_t, config_json);
  MEMBER(aisci_setup_t, data_folder);
  MEMBER(aisci_setup_t, user);
  STRUCT(aisci_instance_t);
  MEMBER(aisci_instance_t, struct_size);
  MEMBER(aisci_instance_t, self);
  MEMBER(aisci_instance_t, get_interface);
  MEMBER(aisci_instance_t, destroy);
  STRUCT(aisci_plugin_t);
  MEMBER(aisci_plugin_t, struct_size);
  MEMBER(aisci_plugin_t, flags);
  MEMBER(aisci_plugin_t, abi_major);
  MEMBER(aisci_plugin_t, abi_minor);
  MEMBER(aisci_plugin_t, min_host_minor);
  MEMBER(aisci_plugin_t, info);
  MEMBER(aisci_plugin_t, components);
  MEMBER(aisci_plugin_t, component_count);
  MEMBER(aisci_plugin_t, create);
  MEMBER(aisci_plugin_t, shutdown);
}

static void value_function(void) {
  STRUCT(aisci_score_t);
  MEMBER(aisci_score_t, value);
  MEMBER(aisci_score_t, stddev);
  MEMBER(aisci_score_t, flags);
  MEMBER(aisci_score_t, code);
  STRUCT(aisci_metric_t);
  MEMBER(aisci_metric_t, name);
  MEMBER(aisci_metric_t, value);
  STRUCT(aisci_node_t);
  MEMBER(aisci_node_t, struct_size);
  MEMBER(aisci_node_t, depth);
  MEMBER(aisci_node_t, id);
  MEMBER(aisci_node_t, parent);
  MEMBER(aisci_node_t, visits);
  MEMBER(aisci_node_t, metrics);
  MEMBER(aisci_node_t, metric_count);
  MEMBER(aisci_node_t, ctx);
  MEMBER(aisci_node_t, blob);
  STRUCT(aisci_value_function_t);
  MEMBER(aisci_value_function_t, evaluate);
}

static void drafts(void) {
  STRUCT(aisci_agent_t);
  MEMBER(aisci_agent_t, tasks);
  MEMBER(aisci_agent_t, act);
  STRUCT(aisci_exit_t);
  MEMBER(aisci_exit_t, struct_size);
  MEMBER(aisci_exit_t, flags);
  MEMBER(aisci_exit_t, code);
  MEMBER(aisci_exit_t, signal);
  MEMBER(aisci_exit_t, wall_ns);
  MEMBER(aisci_exit_t, user_ns);
  MEMBER(aisci_exit_t, system_ns);
  MEMBER(aisci_exit_t, max_rss_bytes);
  STRUCT(aisci_sandbox_t);
  MEMBER(aisci_sandbox_t, open);
  MEMBER(aisci_sandbox_t, put);
  MEMBER(aisci_sandbox_t, get);
  MEMBER(aisci_sandbox_t, start);
  MEMBER(aisci_sandbox_t, wait);
  MEMBER(aisci_sandbox_t, kill);
  MEMBER(aisci_sandbox_t, close);
  MEMBER(aisci_sandbox_t, attach);
  MEMBER(aisci_sandbox_t, leftovers);
  STRUCT(aisci_llm_provider_t);
  MEMBER(aisci_llm_provider_t, complete);
  MEMBER(aisci_llm_provider_t, embed);
  MEMBER(aisci_llm_provider_t, count_tokens);
  MEMBER(aisci_llm_provider_t, models);
  STRUCT(aisci_retriever_t);
  MEMBER(aisci_retriever_t, search);
  MEMBER(aisci_retriever_t, fetch);
  STRUCT(aisci_writer_t);
  MEMBER(aisci_writer_t, render);
  MEMBER(aisci_writer_t, check);
}

int main(void) {
  calls();
  host();
  plugin();
  value_function();
  drafts();
  return 0;
}
