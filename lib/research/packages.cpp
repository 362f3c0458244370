#include "research/packages.hpp"

#include "base/text.hpp"
#include "research/program_output.hpp"

namespace aisci {
namespace {

constexpr double kPatience = 4.0;  // seconds that the interpreter may take

// Looked up without importing anything: PyTorch alone takes seconds.
constexpr const char* kLookUp = R"py(
import importlib.metadata, re, sys
def parts(version):
    return [int(part) for part in re.findall("[0-9]+", re.match("[0-9.]*", version)[0])]
def padded(version, length):
    return parts(version) + [0] * (length - len(parts(version)))
for wanted in sys.argv[1:]:
    name, least = wanted.rsplit("=", 1)
    try:
        found = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        found = None
    length = max(len(parts(text)) for text in (found or "", least))
    if found is None or padded(found, length) < padded(least, length):
        print(name + (f" {least} or newer" if least else "") + (f" ({found} is installed)" if found else ""))
)py";

}  // namespace

Result<std::vector<std::string>> missing_packages(const std::filesystem::path& python, const json::object& packages) {
  if (packages.empty()) return std::vector<std::string>{};
  std::vector<std::string> wanted;
  for (const auto& package : packages)
    wanted.push_back(std::string{package.key()} + "=" + text_of(packages, package.key()));
  AISCI_ASSIGN_OR_RETURN(const ProgramOutput told, script_output(python, kLookUp, kPatience, wanted));
  if (told.status != 0) return failed_precondition("the interpreter " + python.string() + " does not run");
  std::vector<std::string> missing;
  for (const auto& line : split(told.text, '\n'))
    if (!trim(line).empty()) missing.push_back(trim(line));
  return missing;
}

}  // namespace aisci
