/* What a plugin offers to the host: one function that returns one table.
 *
 *   static const aisci_plugin_t table = {sizeof(aisci_plugin_t), 0, AISCI_ABI_MAJOR, AISCI_ABI_MINOR, 0, 0,
 *                                        &info, components, 1, create, NULL};
 *   AISCI_EXPORT const aisci_plugin_t* aisci_plugin_v1(void) { return &table; }
 *
 * A complete plugin in C is in the folder examples/c_plugin. The host loads a plugin when its major is the
 * same and min_host_minor is not above the host's minor; a plugin compiled against a newer minor
 * loads as long as it needs nothing newer. Plugins stay mapped until the process ends.
 *
 * Since ABI 1.0. */
#ifndef AISCI_ABI_PLUGIN_H
#define AISCI_ABI_PLUGIN_H

#include "host.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct aisci_plugin_info {
  uint32_t struct_size;
  uint32_t reserved;
  const char* id;      /* reverse domain name, "org.example.brevity": letters, digits, '.', '_', '-' */
  const char* version; /* "1.0.0" */
} aisci_plugin_info_t;

/* The host may call functions of one instance from several threads at once. LLM providers, retrievers
 * and sandboxes are always called like that; other kinds only with this flag. */
#define AISCI_COMPONENT_CONCURRENT 1u

typedef struct aisci_component {
  uint32_t struct_size;
  uint32_t flags;
  const char* kind; /* "value_function", "agent", "sandbox", "llm_provider", "retriever", "writer" */
  const char* id;   /* what a user names in the configuration: "brevity" */
} aisci_component_t;

/* What an instance is made from. Borrowed during `create`, except `host`. */
typedef struct aisci_setup {
  uint32_t struct_size;
  uint32_t reserved;
  const aisci_host_t* host; /* valid until `destroy` of the instance returns */
  const char* kind;
  const char* component_id;
  aisci_bytes_t config_json; /* an object; "{}" when nothing is configured */
  aisci_bytes_t data_folder; /* absolute path of the folder `data` beside the plugin's file; empty when there is none */
  void* user;                /* what a static registration passed; else NULL */
} aisci_setup_t;

/* One component at work. Made by `create`, ended by its own `destroy`. */
typedef struct aisci_instance {
  uint32_t struct_size;
  uint32_t reserved;
  void* self; /* the plugin's */

  /* The function table of an interface, "aisci.value-function/1", or NULL. Always the same answer; the
   * table lives as long as the instance. [any-thread] */
  const void* (*get_interface)(struct aisci_instance* instance, const char* id);

  /* Frees the instance. No other call is under way, none comes after. [setup] */
  void (*destroy)(struct aisci_instance* instance);
} aisci_instance_t;

typedef struct aisci_plugin {
  uint32_t struct_size;
  uint32_t flags; /* zero */
  uint16_t abi_major;
  uint16_t abi_minor;      /* what the plugin was compiled against */
  uint16_t min_host_minor; /* what it cannot do without */
  uint16_t reserved;
  const aisci_plugin_info_t* info;
  const aisci_component_t* const* components; /* kind and id together are unique */
  uint64_t component_count;

  /* Makes an instance of the component that setup names. Does not block for long: no network. Several
   * instances of one component may live at once. [any-thread] */
  int32_t (*create)(const aisci_call_t* call, const aisci_setup_t* setup, aisci_instance_t** out);

  /* NULL, or called when no instance is left: join all threads. `create` may come again later. [setup] */
  void (*shutdown)(void);
} aisci_plugin_t;

/* The only exported symbol. Returns static data and does no work: it is called to list a plugin. */
AISCI_EXPORT const aisci_plugin_t* aisci_plugin_v1(void);

#ifdef __cplusplus
}
#endif
#endif
