/* A plugin as an author wrote it for ABI 1.0, in C. Never changed: visits.so beside it was made of it,
 *   cc -std=c11 -O2 -fPIC -shared -fvisibility=hidden -s -I include visits.c -o visits.so */
#include <aisci/abi.h>

#include <stdlib.h>
#include <string.h>

static int32_t evaluate(aisci_instance_t* instance, const aisci_call_t* call, const aisci_node_t* const* nodes,
                        uint64_t count, aisci_score_t* scores) {
  (void)instance;
  for (uint64_t i = 0; i < count; ++i) {
    if (call->is_cancelled(call)) return AISCI_CANCELLED;
    scores[i].value = 1.0 / (1.0 + (double)nodes[i]->visits);
    scores[i].stddev = 0.0;
    scores[i].flags = 0;
    scores[i].code = AISCI_OK;
  }
  return AISCI_OK;
}

static const aisci_value_function_t value_function = {sizeof(aisci_value_function_t), 0, evaluate};

static const void* get_interface(aisci_instance_t* instance, const char* id) {
  (void)instance;
  return strcmp(id, AISCI_VALUE_FUNCTION_1) == 0 ? &value_function : NULL;
}

static void destroy(aisci_instance_t* instance) { free(instance); }

static int32_t create(const aisci_call_t* call, const aisci_setup_t* setup, aisci_instance_t** out) {
  static const char message[] = "this plugin has the component `visits` alone";
  const aisci_bytes_t text = {message, sizeof message - 1};
  const aisci_bytes_t nothing = {NULL, 0};
  aisci_instance_t* instance;
  if (strcmp(setup->component_id, "visits") != 0) return call->fail(call, AISCI_NOT_FOUND, text, nothing);
  instance = (aisci_instance_t*)malloc(sizeof *instance);
  if (!instance) return AISCI_RESOURCE_EXHAUSTED;
  instance->struct_size = sizeof *instance;
  instance->reserved = 0;
  instance->self = NULL;
  instance->get_interface = get_interface;
  instance->destroy = destroy;
  *out = instance;
  return AISCI_OK;
}

static const aisci_plugin_info_t info = {sizeof(aisci_plugin_info_t), 0, "org.example.visits", "1.0.0"};
static const aisci_component_t visits = {sizeof(aisci_component_t), AISCI_COMPONENT_CONCURRENT, "value_function",
                                         "visits"};
static const aisci_component_t* const components[] = {&visits};
static const aisci_plugin_t plugin = {
    sizeof(aisci_plugin_t), 0, AISCI_ABI_MAJOR, AISCI_ABI_MINOR, 0, 0, &info, components, 1, create, NULL};

const aisci_plugin_t* aisci_plugin_v1(void) { return &plugin; }
