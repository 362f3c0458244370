#include "all_kinds.hpp"

AISCI_PLUGIN("org.aisci.test.all_kinds", "1.2.3", ALL_KINDS)
