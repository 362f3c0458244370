// aisci-plugin-manifest FILE...: writes the manifest beside each plugin; a step of building and installing one.
#include <aisci/registry.hpp>

#include <cstdio>

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: %s NAME.so...\n", arguments[0]);
    return 2;
  }
  for (int i = 1; i < count; ++i) {
    const aisci::Result<std::filesystem::path> written = aisci::write_manifest(arguments[i]);
    if (written.ok()) continue;
    std::fprintf(stderr, "%s: %s\n", arguments[0], written.status().to_string().c_str());
    return 1;
  }
  return 0;
}
