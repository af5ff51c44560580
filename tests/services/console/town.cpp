#include "tests/services/console/town.hpp"

#include "services/approver/decider.hpp"
#include "services/console/api/door.hpp"
#include "services/deployer/decider.hpp"
#include "services/evaluator/decider.hpp"
#include "services/registry/decider.hpp"

namespace sluice::console {

struct ConsoleApi::Everybody {
    explicit Everybody(tests::Town& town)
        : registry{town}, evaluator{town}, approver{town}, deployer{town}, here{town}, other{town} {}

    tests::Room<registry::Decider> registry;
    tests::Room<evaluator::Decider> evaluator;
    tests::Room<approver::Decider> approver;
    tests::Room<deployer::Decider> deployer;
    tests::House<Decider, Door> here, other;
};

ConsoleApi::ConsoleApi() = default;
ConsoleApi::~ConsoleApi() = default;

void ConsoleApi::SetUp() {
    everybody_ = std::make_unique<Everybody>(town);
    open();
}
void ConsoleApi::TearDown() {
    close();
    everybody_.reset();
}

const State& ConsoleApi::state() const { return everybody_->here.state(); }
const State& ConsoleApi::other_state() const { return everybody_->other.state(); }
std::uint16_t ConsoleApi::port() const { return everybody_->here.port; }
std::uint16_t ConsoleApi::other_port() const { return everybody_->other.port; }
std::size_t ConsoleApi::waiting() const { return everybody_->here.waiting(); }
std::size_t ConsoleApi::other_waiting() const { return everybody_->other.waiting(); }

void ConsoleApi::approver_sleeps() {
    there([this] { return everybody_->approver.asleep = true; });
}
void ConsoleApi::approver_wakes() {
    there([this] { return everybody_->approver.wake(), 0; });
}
void ConsoleApi::is_scored(const EvaluationMeasured& numbers) {
    until([this] { return !everybody_->evaluator.state().running.empty(); });
    there([&] { return everybody_->evaluator.pay<RunEvaluation>(numbers), 0; });
}
void ConsoleApi::is_served(const RouteApplied& applied) {
    there([&] { return everybody_->deployer.pay<WatchRoute>(applied), 0; });
}
void ConsoleApi::is_counted(const CanaryMeasured& counts) {
    there([&] { return everybody_->deployer.pay<MeasureCanary>(counts), 0; });
}

}  // namespace sluice::console
