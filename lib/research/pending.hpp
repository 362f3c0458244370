// A node's experiment under way.
#pragma once

#include <future>
#include <string>

#include "research/experiment.hpp"
#include "research/search_tree.hpp"

namespace aisci {

struct Pending {
  Ticket ticket;
  Experiment experiment;
  std::string key;      // of its event: "n3" or "n3/2" for further blocks
  std::string refused;  // why there is no experiment; "" when there is one
  int first_block = 0;
  int attempt = 1;
  std::size_t changes = 0;  // of the node's recipe, when it started
  bool whole = false;       // it changed the recipe itself, and ran all the node's blocks
  std::future<Result<ExperimentOutcome>> running;
};

}  // namespace aisci
