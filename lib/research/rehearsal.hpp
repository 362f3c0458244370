// The rehearsal of a template that a model wrote for one study: its programs run once before anything counts, so that
// what is wrong with them is found while nothing depends on it.
//
//   Experiment rehearsal = rehearsal_of(manifest, code, study_seed);
//   ... run_experiment(rehearsal, ...) ...
//   std::string fault = fault_of_results(rehearsal, outcome, manifest);   // "" when the programs do what they must
//
// The usual arm runs with two seeds, and once more with the first; then each other level of each factor, one at a time.
// So every level runs, two seeds must differ, and the same arm and seed must give the same again. The seeds are no
// block's of the study, and no score leaves the rehearsal.
//
// Pure functions but for reading the folders named.
#pragma once

#include <filesystem>
#include <string>

#include "research/experiment.hpp"

namespace aisci {

// Folder, data and labels are the caller's to set.
Experiment rehearsal_of(const json::object& manifest, const std::map<std::string, std::string>& code,
                        std::uint64_t study_seed);

// What is wrong with what prepare left below a folder: public/, confirmation/, and labels/ where the host scores.
std::string fault_of_data(const std::filesystem::path& prepared, const json::object& manifest);

// What is wrong with how the rehearsal went, in words for whoever wrote the programs.
std::string fault_of_results(const Experiment& rehearsal, const ExperimentOutcome& outcome,
                             const json::object& manifest);

}  // namespace aisci
