// check_documents STUDY: holds every document of a finished study to its schema, and names those that do not fit.
#include <cstdio>

#include "support/schemas.hpp"

int main(int count, char** arguments) {
  if (count != 2) return std::fprintf(stderr, "usage: %s STUDY\n", arguments[0]), 2;
  const auto misfits = aisci::testing::misfits_of_study(arguments[1]);
  for (const std::string& misfit : misfits) std::printf("%s\n", misfit.c_str());
  return misfits.empty() ? 0 : 1;
}
