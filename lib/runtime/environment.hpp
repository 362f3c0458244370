// The variables that begin with AISCI_ and set nothing. Programs around aisci have some of their own, so a name is
// wrong only where it looks like that of an option.
//
// Threads: free function; nothing may change the environment meanwhile.
#pragma once

#include <aisci/status.hpp>

namespace aisci {

// INVALID_ARGUMENT for one that is a letter or two from an option's variable, or is named like its flag.
Status check_environment();

}  // namespace aisci
