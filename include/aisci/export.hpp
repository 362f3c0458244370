// Marks what libaisci exports; everything else stays inside the shared library.
#pragma once

#if defined(_MSC_VER)
#define AISCI_API
#else
#define AISCI_API [[gnu::visibility("default")]]
#endif
