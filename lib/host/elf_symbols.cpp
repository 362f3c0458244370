#include "host/elf_symbols.hpp"

#include "base/files.hpp"

#include <elf.h>

#include <cstring>

namespace aisci::host {
namespace {

// A T of the file, or zeros beyond its end.
template <typename T>
T take(std::string_view bytes, std::uint64_t at) {
  T value{};
  if (at <= bytes.size() && sizeof value <= bytes.size() - at) std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

}  // namespace

Result<std::vector<std::string>> exported_symbols(const std::filesystem::path& file) {
  AISCI_ASSIGN_OR_RETURN(const std::string bytes, read_file(file));
  const auto header = take<Elf64_Ehdr>(bytes, 0);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_shentsize != sizeof(Elf64_Shdr))
    return invalid_argument(file.string() + " is no 64-bit ELF file with sections");
  std::vector<std::string> names;
  for (unsigned i = 0; i < header.e_shnum; ++i) {
    const auto section = take<Elf64_Shdr>(bytes, header.e_shoff + std::uint64_t{i} * sizeof(Elf64_Shdr));
    if (section.sh_type != SHT_DYNSYM) continue;
    const auto strings = take<Elf64_Shdr>(bytes, header.e_shoff + std::uint64_t{section.sh_link} * sizeof(Elf64_Shdr));
    const std::uint64_t count = std::min<std::uint64_t>(section.sh_size, bytes.size()) / sizeof(Elf64_Sym);
    for (std::uint64_t k = 0; k < count; ++k) {
      const auto symbol = take<Elf64_Sym>(bytes, section.sh_offset + k * sizeof(Elf64_Sym));
      const unsigned bind = ELF64_ST_BIND(symbol.st_info), visibility = ELF64_ST_VISIBILITY(symbol.st_other);
      if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx == SHN_ABS || bind == STB_LOCAL || visibility == STV_HIDDEN)
        continue;
      const std::uint64_t at = strings.sh_offset + symbol.st_name;
      if (at >= bytes.size()) return invalid_argument(file.string() + " has a symbol without a name");
      const std::string_view rest = std::string_view{bytes}.substr(at, 4096);
      names.emplace_back(rest.substr(0, rest.find('\0')));
    }
  }
  return names;
}

}  // namespace aisci::host
