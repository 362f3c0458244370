// A PDF of the objects given, in their order, of which the first is its catalog: bytes for what reads PDF files.
//
//   testing::pdf_of({"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", ...});
#pragma once

#include <cstdio>
#include <string>
#include <vector>

namespace aisci::testing {

inline std::string pdf_of(const std::vector<std::string>& objects) {
  const std::string count = std::to_string(objects.size() + 1);
  std::string out = "%PDF-1.4\n", places = "xref\n0 " + count + "\n0000000000 65535 f \n";
  for (std::size_t i = 0; i < objects.size(); ++i) {
    char entry[24];
    std::snprintf(entry, sizeof entry, "%010zu 00000 n \n", out.size());
    places += entry;
    out += std::to_string(i + 1) + " 0 obj" + objects[i] + "endobj\n";
  }
  const std::string at = std::to_string(out.size());
  return out + places + "trailer<</Size " + count + "/Root 1 0 R>>\nstartxref\n" + at + "\n%%EOF\n";
}

}  // namespace aisci::testing
