// A template that a model wrote: its answer made a manifest, or what is wrong with it.
//
//   const Written written = written_template(answer);          // the answer to design.write
//   if (written.problems.empty()) use(written.manifest, written.code);
//   else tell_the_model(written.problems);                      // all of them, a sentence each
//
// Only the members that the task names are taken over; what the shipped templates say of themselves beside these (the
// words by which questions find them) a template for one question does not need. Its name is kFree, its programs are
// prepare.py and experiment.py, and every other file belongs to both.
//
// Pure functions, any thread. Since 0.1.
#pragma once

#include <string>
#include <vector>

#include "kit/json.hpp"

namespace aisci::design {

inline constexpr const char* kFree = "free";

struct Written {
  json::object manifest;
  json::object code;  // file name -> text
  std::vector<std::string> problems;
};

Written written_template(const json::object& answer);

}  // namespace aisci::design
