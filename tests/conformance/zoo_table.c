/* Tables that are wrong, one for each value of ZOO. */
#include <aisci/abi.h>

#include <stdlib.h>

static int32_t create(const aisci_call_t* call, const aisci_setup_t* setup, aisci_instance_t** out) {
  (void)call;
  (void)setup;
  (void)out;
  return AISCI_UNIMPLEMENTED;
}

static const aisci_plugin_info_t info = {sizeof(aisci_plugin_info_t), 0, "org.aisci.test.table", "1.0.0"};
static const aisci_component_t component = {sizeof(aisci_component_t), 0, "agent", "table"};
static const aisci_component_t* const components[] = {&component};
static aisci_plugin_t table = {
    sizeof(aisci_plugin_t), 0, AISCI_ABI_MAJOR, AISCI_ABI_MINOR, 0, 0, &info, components, 1, create, NULL};

AISCI_EXPORT const aisci_plugin_t* aisci_plugin_v1(void) {
#if ZOO == 1 /* wrong major */
  table.abi_major = 2;
#elif ZOO == 2 /* needs a newer host */
  table.min_host_minor = 9;
#elif ZOO == 3 /* short */
  table.struct_size = 40;
#elif ZOO == 4 /* empty slot */
  table.create = NULL;
#elif ZOO == 5 /* no id */
  table.info = NULL;
#elif ZOO == 6 /* newer, and needs nothing newer */
  table.abi_minor = 40;
#elif ZOO == 7 /* the end of the process that asks */
  abort();
#elif ZOO == 8
  return NULL;
#endif
  return &table;
}
