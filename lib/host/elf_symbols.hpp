// The names that a shared object gives to others.
#pragma once

#include <aisci/status.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace aisci::host {

// Defined global and weak symbols of a 64-bit ELF file, read from the file and not by loading it. INVALID_ARGUMENT
// when it is none or makes no sense; bytes from anywhere are safe to pass.
Result<std::vector<std::string>> exported_symbols(const std::filesystem::path& file);

}  // namespace aisci::host
