// The layers of isolation: which of them hold on this machine, and what to do about one that does not.
//
// Threads: free functions; the first call takes some ten milliseconds, later ones none.
#pragma once

#include <string>
#include <vector>

namespace aisci::sandboxes {

struct Layer {
  std::string name;  // "seccomp"
  bool active = false;
  std::string detail;  // what holds, or why nothing does
  std::string remedy;  // "" when active
};

// In the order in which they are told. `namespaces`, `files`, `privileges`, `seccomp` and `limits` are there wherever
// bubblewrap can be used at all; `memory`, `processes` and `cpu` need control groups.
const std::vector<Layer>& layers();

// Runs bwrap with all of its isolation and nothing in it. "" when it works; else what it said, with the remedy.
const std::string& why_not();

// The layers as the report of Sandbox::open.
std::string layers_json();

// Names of layers, separated by ','. Throws Error: INVALID_ARGUMENT for one that does not exist, FAILED_PRECONDITION
// for one that is missing, with its remedy.
void require(const std::string& names);

}  // namespace aisci::sandboxes
