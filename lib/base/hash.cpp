#include "base/hash.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "base/files.hpp"

namespace aisci {
namespace {

struct ContextDeleter {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

class Sha256 {
 public:
  Sha256() : context_{EVP_MD_CTX_new()} { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }
  void add(const void* data, std::size_t size) { EVP_DigestUpdate(context_.get(), data, size); }
  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    text.reserve(2 * size);
    for (unsigned int i = 0; i < size; ++i) {
      text += kDigits[digest[i] >> 4];
      text += kDigits[digest[i] & 15];
    }
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, ContextDeleter> context_;
};

}  // namespace

std::string sha256(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes.data(), bytes.size());
  return hash.hex();
}

Result<std::string> sha256_file(const std::filesystem::path& path) {
  Sha256 hash;
  AISCI_RETURN_IF_ERROR(read_pieces(path, [&](std::string_view piece) { hash.add(piece.data(), piece.size()); }));
  return hash.hex();
}

std::uint64_t seed_of(std::string_view label, std::uint64_t seed) {
  const std::string digest = sha256(std::to_string(seed) + "/" + std::string{label});
  return std::strtoull(digest.substr(0, 16).c_str(), nullptr, 16) >> 1;
}

}  // namespace aisci
