// One writer a study.
#pragma once

#include <aisci/status.hpp>
#include <filesystem>
#include <memory>

namespace aisci {

// An advisory lock on a file beside the ledger. The kernel drops it with its holder, so a dead process never holds a
// study for long: what it was just starting may hold it a moment more, and is waited for. The text inside is the
// holder's pid and host, for people and to know the dead.
class WriterLock {
 public:
  // UNAVAILABLE while another process, or another object of this one, holds it, saying which; PERMISSION_DENIED where
  // nothing can be written; FAILED_PRECONDITION on a file system that cannot lock, and where the file is no regular one
  // or has a second name elsewhere.
  static Result<std::unique_ptr<WriterLock>> take(const std::filesystem::path& ledger);

  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;
  ~WriterLock();

 private:
  explicit WriterLock(int fd) : fd_{fd} {}
  int fd_;
};

}  // namespace aisci
