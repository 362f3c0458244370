#include <aisci/version.h>

#include <aisci/version.hpp>

namespace aisci {

const char* version() noexcept { return AISCI_VERSION_STRING; }

}  // namespace aisci
