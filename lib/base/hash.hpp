// Content names: SHA-256 in lower-case hex. What the ledger chains, artefacts are named by,
// and manifests carry.
#pragma once

#include <aisci/status.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace aisci {

std::string sha256(std::string_view bytes);
// Of a regular file; others are refused, as read_file() does.
Result<std::string> sha256_file(const std::filesystem::path& path);

// A 63-bit seed from a text, for streams named by what they are for: seed_of("n3/block/2", seed).
// 63 bits, so that every language's signed integers hold it.
std::uint64_t seed_of(std::string_view label, std::uint64_t seed);

}  // namespace aisci
