/* The library's version, in one place: CMake reads it from here. The plugin ABI has a number
 * of its own (abi/types.h). Valid as C and C++. */
#ifndef AISCI_VERSION_H
#define AISCI_VERSION_H

#define AISCI_VERSION_MAJOR 0
#define AISCI_VERSION_MINOR 1
#define AISCI_VERSION_PATCH 0
#define AISCI_VERSION_STRING "0.1.0"

#endif
