// What retrieved records say about the levels of one factor: which is put above which, and the sentence that says so.
//
//   const Literature literature{manifest, "activation", records};
//   literature.order("gelu", "relu").sign      // 1: gelu is put above relu; 0: the records do not say
//   literature.order("gelu", "relu").support   // the record's statement, letter for letter
//
// It knows nothing but the statements: their comparisons ("A exceeds B") and their words of praise or complaint
// ("saturates", "improves"). Keeps references into the manifest and the records.
//
// Since 0.1.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "kit/json.hpp"

namespace aisci::offline {

struct Support {
  std::string key;
  std::string statement;  // letter for letter
  bool empty() const { return key.empty(); }
};

struct Opinion {
  int sign = 0;
  bool direct = false;  // a statement compares the two, rather than praising or faulting one
  Support support;
};

// What a statement says of the thing it is about: praise (1), complaint (-1), or neither in so many words (0).
int opinion_of(const std::string& statement);

class Literature {
 public:
  Literature(const json::object& manifest, const std::string& factor, const std::vector<const json::object*>& records);

  // Whether the records put `a` above `b` (1), below (-1), or do not say (0).
  Opinion order(const std::string& a, const std::string& b) const;
  // How well the records speak of a level in all; 0 when they do not.
  double standing(const std::string& level) const;
  // Levels that a statement faults in one of the given words' stems ("saturat"), and that statement.
  Support fault(const std::string& level) const;
  // A statement about the factor itself, or about any of the words; empty when there is none.
  Support about_factor() const { return about_factor_; }
  Support about(const std::vector<std::string>& words) const;

 private:
  void read(const std::string& key, const std::string& statement, const class Reader& reader);

  std::string factor_;
  std::map<std::pair<std::string, std::string>, std::vector<Support>> above_;
  std::map<std::string, std::vector<Support>> praised_;
  std::map<std::string, std::vector<Support>> faulted_;
  std::vector<Support> all_;
  Support about_factor_;
};

}  // namespace aisci::offline
