// The order in which experiments end.
//
//   arrivals.expect("n3");                       // it starts
//   ... in its thread: const Arrivals::Ended ended{arrivals, "n3"};
//   arrivals.first_of({"n3", "n4"});             // waits
//
// Threads: `Ended` from any, the rest from the study's.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace aisci {

class Arrivals {
 public:
  // Says that an experiment ended, however its thread is left.
  class Ended {
   public:
    Ended(Arrivals& arrivals, std::string key) : arrivals_{arrivals}, key_{std::move(key)} {}
    Ended(const Ended&) = delete;
    Ended& operator=(const Ended&) = delete;
    ~Ended() {
      const std::lock_guard lock{arrivals_.mutex_};
      arrivals_.ended_.push_back(std::move(key_));
      arrivals_.changed_.notify_all();
    }

   private:
    Arrivals& arrivals_;
    std::string key_;
  };

  // It starts, or starts again: an end that was not asked for is forgotten.
  void expect(const std::string& key) {
    const std::lock_guard lock{mutex_};
    std::erase(ended_, key);
  }

  // Waits until one of them has ended, and says which was first.
  std::string first_of(const std::vector<std::string>& keys) {
    std::unique_lock lock{mutex_};
    auto first = ended_.end();
    changed_.wait(lock, [&] {
      first = std::find_if(ended_.begin(), ended_.end(),
                           [&](const auto& key) { return std::find(keys.begin(), keys.end(), key) != keys.end(); });
      return first != ended_.end();
    });
    std::string key = std::move(*first);
    ended_.erase(first);
    return key;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> ended_;
};

}  // namespace aisci
