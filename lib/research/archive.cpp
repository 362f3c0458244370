#include "research/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <random>
#include <set>

#include "base/files.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostBytes = std::uintmax_t{64} << 30;
constexpr std::uintmax_t kMostRatio = 200, kAnyway = std::uintmax_t{64} << 20;
constexpr int kFilters = 2;  // gzip, and what libarchive counts for the file itself
constexpr std::size_t kMostEntries = 1'000'000;

struct Closer {
  void operator()(archive* a) const { archive_free(a); }
  void operator()(archive_entry* e) const { archive_entry_free(e); }
};
using Archive = std::unique_ptr<archive, Closer>;
using Entry = std::unique_ptr<archive_entry, Closer>;

std::string said(archive* a) {
  const char* const text = archive_error_string(a);
  return text ? text : "unknown failure";
}

// What an archive of so many bytes may unpack to: much more is made to fill a disk.
std::uintmax_t most_of(std::uintmax_t packed) {
  return packed >= kMostBytes / kMostRatio ? kMostBytes : std::min(kMostBytes, kMostRatio * packed + kAnyway);
}

// A new file beside `file`, by a name of chance: what lies in that folder may be a stranger's.
Result<int> create_beside(const fs::path& file, fs::path& created) {
  std::random_device chance;
  for (int tries = 0; tries < 100; ++tries) {
    created = file.string() + ".part-" + std::to_string(chance());
    const int fd = ::open(created.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd >= 0) return fd;
    if (errno != EEXIST) break;
  }
  return internal_error("cannot write " + file.string() + ": " + std::strerror(errno));
}

Status write_entry(archive* out, const std::string& name, const fs::path& source, std::uintmax_t& bytes) {
  std::error_code error;
  const auto size = fs::file_size(source, error);
  std::ifstream in{source, std::ios::binary};
  bytes += size;
  if (error || !in) return internal_error("cannot read " + source.string());
  const Entry entry{archive_entry_new()};
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_mtime(entry.get(), 0, 0);
  if (archive_write_header(out, entry.get()) != ARCHIVE_OK) return internal_error(name + ": " + said(out));
  std::string block(1 << 16, '\0');
  while (in) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    if (in.gcount() > 0 && archive_write_data(out, block.data(), static_cast<std::size_t>(in.gcount())) < 0)
      return internal_error(name + ": " + said(out));
  }
  return {};
}

// The plain relative path of an entry, or why it is none.
Result<fs::path> safe_path(const std::string& name) {
  const fs::path path = fs::path{name}.lexically_normal();
  if (name.empty() || path.is_absolute() || name.find('\0') != std::string::npos)
    return invalid_argument("an entry has no relative path: " + name);
  for (const auto& part : path)
    if (part == "..") return invalid_argument("an entry leads out of the archive: " + name);
  return path;
}

Status unpack_file(archive* in, const fs::path& target, std::uintmax_t& bytes, std::uintmax_t most) {
  AISCI_RETURN_IF_ERROR(make_folders(target.parent_path()));
  std::ofstream out{target, std::ios::binary | std::ios::trunc};
  const void* block = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0, expected = 0;
  int code = ARCHIVE_OK;
  while ((code = archive_read_data_block(in, &block, &size, &offset)) == ARCHIVE_OK) {
    bytes += size;
    if (bytes > most)
      return invalid_argument("the archive holds more than " + std::to_string(most >> 20) +
                              " MB, which is too much for one of its size");
    if (offset != expected) return invalid_argument("the archive holds a sparse file: " + target.filename().string());
    out.write(static_cast<const char*>(block), static_cast<std::streamsize>(size));
    expected = offset + static_cast<la_int64_t>(size);
  }
  if (code != ARCHIVE_EOF) return invalid_argument("the archive is damaged: " + said(in));
  out.close();
  return out ? Status{} : internal_error("cannot write " + target.string());
}

}  // namespace

Status pack(const fs::path& file, const std::map<std::string, fs::path>& contents) {
  fs::path unfinished;
  AISCI_ASSIGN_OR_RETURN(const int fd, create_beside(file, unfinished));
  const Archive out{archive_write_new()};
  archive_write_set_format_pax_restricted(out.get());
  archive_write_add_filter_gzip(out.get());
  archive_write_set_filter_option(out.get(), "gzip", "timestamp", nullptr);
  Status status;
  std::uintmax_t bytes = 0;
  if (archive_write_open_fd(out.get(), fd) != ARCHIVE_OK)
    status = internal_error("cannot write " + file.string() + ": " + said(out.get()));
  for (const auto& [name, source] : contents)
    if (status.ok()) status = write_entry(out.get(), name, source, bytes);
  if (archive_write_close(out.get()) != ARCHIVE_OK && status.ok())
    status = internal_error("cannot write " + file.string() + ": " + said(out.get()));
  if (::close(fd) != 0 && status.ok())
    status = internal_error("cannot write " + file.string() + ": " + std::strerror(errno));
  std::error_code error;
  if (status.ok() && bytes > most_of(fs::file_size(unfinished, error)))
    status = failed_precondition(file.string() + " would pack " + std::to_string(bytes >> 20) +
                                 " MB into so little that it could not be told from what is made to fill a disk");
  if (status.ok()) fs::rename(unfinished, file, error);
  if (error) status = internal_error("cannot write " + file.string() + ": " + error.message());
  if (!status.ok()) fs::remove(unfinished, error);
  return status;
}

Status unpack(const fs::path& file, const fs::path& folder) {
  const Archive in{archive_read_new()};
  archive_read_support_filter_gzip(in.get());
  archive_read_support_format_tar(in.get());
  if (archive_read_open_filename(in.get(), file.c_str(), 1 << 16) != ARCHIVE_OK)
    return invalid_argument(file.string() + " is no bundle: " + said(in.get()));
  if (archive_filter_count(in.get()) > kFilters)
    return invalid_argument(file.string() + " is no bundle: it is packed more than once");
  std::error_code error;
  const std::uintmax_t most = most_of(fs::file_size(file, error));
  std::set<fs::path> seen;
  std::uintmax_t bytes = 0;
  archive_entry* entry = nullptr;
  int code = ARCHIVE_OK;
  while ((code = archive_read_next_header(in.get(), &entry)) == ARCHIVE_OK) {
    const char* const name = archive_entry_pathname(entry);
    AISCI_ASSIGN_OR_RETURN(const fs::path path, safe_path(name ? name : ""));
    if (archive_entry_hardlink(entry) ||
        (archive_entry_filetype(entry) != AE_IFREG && archive_entry_filetype(entry) != AE_IFDIR))
      return invalid_argument("the archive holds what is neither file nor folder: " + path.string());
    if (seen.size() == kMostEntries) return invalid_argument("the archive holds more than a million entries");
    if (archive_entry_filetype(entry) == AE_IFDIR) continue;
    if (!seen.insert(path).second) return invalid_argument("the archive holds a file twice: " + path.string());
    AISCI_RETURN_IF_ERROR(unpack_file(in.get(), folder / path, bytes, most));
  }
  if (code != ARCHIVE_EOF) return invalid_argument(file.string() + " is no bundle: " + said(in.get()));
  if (seen.empty()) return invalid_argument(file.string() + " is no bundle: it holds no file");
  return {};
}

}  // namespace aisci
