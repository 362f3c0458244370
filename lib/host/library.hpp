// A plugin's shared object: opened with care, checked, and never unloaded.
#pragma once

#include <aisci/abi/plugin.h>
#include <aisci/status.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace aisci::host {

// PERMISSION_DENIED unless the file or folder belongs to root or the user and others cannot write to it.
Status check_owner(const std::filesystem::path& path);

// A loaded plugin. Its table was checked: everything of ABI 1.0 that has to be there is there. When the last Library
// of a table is gone, the plugin's shutdown runs; its code stays.
class Library {
 public:
  // Loads the file, whose bytes must have the given SHA-256 (DATA_LOSS otherwise; "": any).
  static Result<std::shared_ptr<Library>> open(const std::filesystem::path& file, const std::string& expected_sha256);
  // A table that is linked into the program.
  static Result<std::shared_ptr<Library>> adopt(const aisci_plugin_t* table, void* user);

  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library();

  const aisci_plugin_t& table() const noexcept { return *table_; }
  const aisci_component_t* find(std::string_view kind, std::string_view id) const noexcept;
  const std::filesystem::path& path() const noexcept { return path_; }
  const std::string& data_folder() const noexcept { return data_folder_; }
  const std::string& sha256() const noexcept { return sha256_; }
  void* user() const noexcept { return user_; }

 private:
  Library(const aisci_plugin_t* table, std::filesystem::path path, std::string sha256, void* user);

  const aisci_plugin_t* table_;
  std::filesystem::path path_;
  std::string sha256_;
  std::string data_folder_;
  void* user_;
};

// What is wrong with a table; OK when it can be used by this host.
Status check_table(const aisci_plugin_t* table);

}  // namespace aisci::host
