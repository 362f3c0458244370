// aisci-plugin-manifest [--isolation WHERE] [--requires NEED]... FILE...: writes the manifest beside each plugin; a
// step of building and installing one.
#include <aisci/registry.hpp>

#include <cstdio>
#include <string_view>

int main(int count, char** arguments) {
  aisci::ManifestWishes wishes;
  int first = 1;
  for (; first + 1 < count && std::string_view{arguments[first]}.starts_with("--"); first += 2) {
    const std::string_view option = arguments[first];
    const char* const value = arguments[first + 1];
    if (option == "--requires") {
      wishes.needs.emplace_back(value);
    } else if (const auto isolation = aisci::parse_isolation(value); option == "--isolation" && isolation.ok()) {
      wishes.isolation = *isolation;
    } else {
      first = count;
    }
  }
  if (first >= count) {
    std::fprintf(stderr, "usage: %s [--isolation auto|in-process|process] [--requires NEED]... NAME.so...\n",
                 arguments[0]);
    return 2;
  }
  for (int i = first; i < count; ++i) {
    const aisci::Result<std::filesystem::path> written = aisci::write_manifest(arguments[i], wishes);
    if (written.ok()) continue;
    std::fprintf(stderr, "%s: %s\n", arguments[0], written.status().to_string().c_str());
    return 1;
  }
  return 0;
}
