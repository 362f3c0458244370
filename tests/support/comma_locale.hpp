// The host's locale while the object lives: German, where a number has a comma before its decimals. For what reads or
// prints numbers and may not care.
//
//   const testing::CommaLocale locale;
//   ASSERT_EQ(locale.problem(), "");
//
// The locale is made from glibc's sources in the build tree or the temporary folder, as few systems have one beside C.
// Threads: the only one.
#pragma once

#include <unistd.h>

#include <clocale>
#include <cstdlib>
#include <filesystem>
#include <locale>
#include <string>

namespace aisci::testing {

class CommaLocale {
 public:
  CommaLocale() {
    namespace fs = std::filesystem;
    const char* const name = "de_DE.UTF-8";
    // An ordinary user may not be the one who built.
    const fs::path own = fs::temp_directory_path() / ("aisci-test-locales-" + std::to_string(::getuid()));
    fs::path folder;
    std::error_code error;
    for (const fs::path& place : {fs::path{AISCI_BINARY_DIR} / "tests/locales", own}) {
      if (!folder.empty()) break;
      if (!fs::exists(place / name, error)) {
        // Under a name of its own first: tests run side by side.
        const fs::path made = place / (std::string{name} + "." + std::to_string(::getpid()));
        fs::create_directories(place, error);
        if (std::system(("localedef -i de_DE -f UTF-8 '" + made.string() + "' >/dev/null 2>&1").c_str()) != 0) continue;
        fs::rename(made, place / name, error);
        if (error) fs::remove_all(made, error);
      }
      folder = place;
    }
    if (folder.empty()) {
      problem_ = "localedef makes no " + std::string{name} + "; install Debian's package \"locales\": bash setup.sh";
      return;
    }
    // The C library's and the streams' are set apart: std::locale{name} goes by newlocale, which leaks what LOCPATH
    // says.
    std::locale::global(std::locale{std::locale::classic(), new Commas});  // a locale owns its facets
    ::setenv("LOCPATH", folder.c_str(), 1);
    if (std::setlocale(LC_ALL, name) == nullptr) {
      problem_ = folder.string() + " holds no locale that can be used; remove it";
      return;
    }
    if (const std::string point = std::localeconv()->decimal_point; point != ",")
      problem_ = "the decimal point is \"" + point + "\"";
  }
  CommaLocale(const CommaLocale&) = delete;
  CommaLocale& operator=(const CommaLocale&) = delete;
  ~CommaLocale() {
    std::locale::global(std::locale::classic());
    ::unsetenv("LOCPATH");
  }

  // Why a number would not have a comma; "" when it has.
  const std::string& problem() const noexcept { return problem_; }

 private:
  struct Commas : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };

  std::string problem_;
};

}  // namespace aisci::testing
