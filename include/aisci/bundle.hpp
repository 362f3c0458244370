// A study to hand on: packed into one file from which a stranger can check every number and run experiments again.
//
//   aisci::bundle_study("my-study", "my-study.tar.gz").value();
//
//   aisci::ReproduceRequest request;
//   request.output_dir = "again";
//   request.experiments = {"c1"};
//   const aisci::Reproduction again = aisci::reproduce("my-study.tar.gz", request).value();
//   for (const auto& number : again.numbers)
//     std::cout << number.fact << ": " << number.recorded << " then, " << number.again << " now\n";
//
// A bundle is a .tar.gz of the study's folder without what is volatile (locks, run folders), with
//   ro-crate-metadata.json   what it holds, as an RO-Crate 1.1
//   manifest-sha256.txt      a hash a file, as sha256sum -c reads it
//   environment.json         versions that the experiments ran with, as their trials reported them
//   environment-installed.json   every distribution of the experiments' Python, as found at bundling
//   environment.lock         what setup.sh installed that Python's packages from; absent where another Python is used
//   REPRODUCE.md             what to do with it
// The same study gives the same bytes, beside the same Python.
//
// A bundle is a stranger's: its files are unpacked as plain files below the output folder and nowhere else, its code
// runs in the sandbox that the caller's options name, and plugins that its ledger names are loaded only from folders
// that the caller's options name.
//
// Thread safety: free functions without shared state. Since 0.1.
#pragma once

#include <aisci/export.hpp>
#include <aisci/inspect.hpp>
#include <aisci/options.hpp>
#include <aisci/status.hpp>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace aisci {

struct Bundle {
  std::filesystem::path file;
  std::size_t files = 0;
  std::uintmax_t bytes = 0;
  std::string sha256;
};

// Packs a finished study that holds. FAILED_PRECONDITION: it is unfinished, or verification finds a problem (the first
// is named). ALREADY_EXISTS: `file` is there. `plugins`: folders of further plugins that the caller trusts.
AISCI_API Result<Bundle> bundle_study(const std::filesystem::path& folder, const std::filesystem::path& file,
                                      const std::string& plugins = {});

struct ReproduceRequest {
  std::filesystem::path output_dir;      // new or empty; gets the unpacked study and the new trials
  std::vector<std::string> experiments;  // "n1", "c1", ...; empty: every confirmation
  Options
      options;  // of these: sandbox, require_layers, parallel_experiments, gpu_allocation, gpu_ids, plugins, isolation
  std::function<void(const std::string& line, double progress)> tell = [](const std::string&, double) {};
  const std::atomic<bool>* cancelled = nullptr;  // set it from any thread to stop
};

// One number, recorded and computed from new trials.
struct ReproducedNumber {
  std::string fact;  // "c1.contrast.mean"
  double recorded = 0, again = 0;
  std::string printed, printed_again;  // as the paper prints them
  bool same() const { return printed == printed_again; }
};

struct AISCI_API Reproduction {
  std::vector<ReproducedNumber> numbers;
  int trials = 0;
  int trials_same = 0;            // the same score, to twelve digits
  std::vector<Problem> problems;  // experiments that failed
  bool same() const;              // no problem, and every number prints the same
};

// Runs experiments of a bundle, or of a study's folder, again with the same code, data, arms and seeds. Takes as long
// as they took. NOT_FOUND: an experiment that the study has not; INVALID_ARGUMENT or DATA_LOSS: a broken bundle, or
// one that unpacks to far more than its size; DATA_LOSS: a study that does not hold, of which nothing is run;
// CANCELLED. What is refused before any experiment runs leaves output_dir as it was.
AISCI_API Result<Reproduction> reproduce(const std::filesystem::path& bundle, const ReproduceRequest& request);

}  // namespace aisci
