// The version of the library that is loaded, which may be newer than the headers (version.h) a program was built with.
//
//   std::cout << aisci::version() << '\n';   // "0.1.0"
//
// Since 0.1.
#pragma once

#include <aisci/export.hpp>

namespace aisci {

AISCI_API const char* version() noexcept;

}  // namespace aisci
