// Takes secrets out of texts that leave the process or are kept: the values of environment variables whose names say
// that they are secret.
//
//   const Redaction redaction = Redaction::of_environment();
//   std::string safe = redaction(text);        // "... [value of OPENAI_API_KEY] ..."
//
// Threads: const.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace aisci {

class Redaction {
 public:
  Redaction() = default;
  // Variables that end in _KEY, _TOKEN, _SECRET or _PASSWORD, with a value of at least eight characters that is no
  // number.
  static Redaction of_environment();
  std::string operator()(std::string text) const;

 private:
  std::vector<std::pair<std::string, std::string>> secrets_;  // value, name; longest first
};

}  // namespace aisci
