/* A plugin that gives away more than its entry. */
#define ZOO 0
#include "zoo_table.c"

AISCI_EXPORT int zoo_leaks_this(void) { return 1; }
