// libFuzzer's entry for one target: fuzz_json tests/fuzz/corpus/json -max_total_time=60
#include "fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  (void)AISCI_FUZZ_TARGET(std::string_view{reinterpret_cast<const char*>(data), size});
  return 0;
}
