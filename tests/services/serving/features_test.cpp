#include "services/serving/api/feature_row.hpp"
#include "services/serving/api/invocation.hpp"
#include "services/serving/online_features.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace sluice::serving {
namespace {

constexpr core::Time now = 1'770'000'000'000;

class Completing : public testing::Test {
protected:
    Shape shape_{{{"amount"}, {"count_1h"}, {"merchant_risk"}}, {{{"user"}, 1}, {{"merchant"}, 1}}};
    std::vector<FeatureRule> rules_{{{"user"}, {"user_id"}, {{"count_1h"}, {"mean_amount"}, {"last_time"}}, {}},
                                    {{"merchant"}, {"merchant_code"}, {{"merchant_risk"}}, {}}};
    FeatureStore store_{10};

    void published(const std::string& view, const std::string& key, const std::string& values,
                   const std::string& at = "2026-02-02T02:39:00Z", int version = 1) {
        const auto row =
            read_feature_row(R"({"view":")" + view + R"(","version":)" + std::to_string(version) + R"(,"key":")" + key +
                             R"(","event_time":")" + at + R"(","values":)" + values + "}");
        ASSERT_TRUE(row) << row.failure().text();
        store_.take(*row);
    }
    std::variant<Features, Mistake> complete(const std::string& record) {
        const auto table = read_invocation(R"({"dataframe_records":[)" + record + "]}");
        if (const auto* mistake = std::get_if<Mistake>(&table)) return *mistake;
        return OnlineFeatures{store_}.complete(shape_, rules_, std::get<Table>(table), now);
    }
    Features features(const std::string& record) {
        auto completed = complete(record);
        if (const auto* mistake = std::get_if<Mistake>(&completed)) {
            ADD_FAILURE() << mistake->detail;
            return Features(shape_.columns.size());
        }
        return std::get<Features>(std::move(completed));
    }
    std::string mistake(const std::string& record) {
        const auto completed = complete(record);
        return std::holds_alternative<Mistake>(completed) ? std::get<Mistake>(completed).detail : "none";
    }
};

TEST_F(Completing, gives_the_signatures_columns_in_their_order) {
    published("user", "u1", R"({"count_1h":3})");
    published("merchant", "5411", R"({"merchant_risk":0.25})");
    const auto row = features(R"({"merchant_code":"5411","user_id":"u1","amount":12.5,"unread":true})");
    ASSERT_EQ(row.size(), 3u);
    EXPECT_EQ(row[0].value, 12.5);
    EXPECT_EQ(row[0].status, FeatureStatus::from_request);
    EXPECT_EQ(row[1].value, 3);
    EXPECT_EQ(row[1].status, FeatureStatus::present);
    EXPECT_EQ(row[1].age_ms, 60'000);
    EXPECT_EQ(row[2].value, 0.25);
}

TEST_F(Completing, compares_keys_as_text) {
    published("user", "u1", R"({"count_1h":3})");
    published("merchant", "5411", R"({"merchant_risk":0.25})");
    for (const auto* code : {R"("5411")", "5411", "5411.0"})
        EXPECT_EQ(features(R"({"amount":1,"user_id":"u1","merchant_code":)" + std::string(code) + "}")[2].value, 0.25);
}

TEST_F(Completing, gives_null_values_for_a_null_key) {
    const auto row = features(R"({"amount":1,"user_id":"u1","merchant_code":null})");
    EXPECT_EQ(row[2].status, FeatureStatus::null_value);
    EXPECT_TRUE(std::isnan(row[2].value));
}

TEST_F(Completing, tells_what_is_not_there_from_what_is_null) {
    published("merchant", "5411", R"({"merchant_risk":null})");
    const auto row = features(R"({"amount":null,"user_id":"nobody","merchant_code":"5411"})");
    EXPECT_EQ(row[0].status, FeatureStatus::null_value);
    EXPECT_EQ(row[1].status, FeatureStatus::not_found);
    EXPECT_EQ(row[2].status, FeatureStatus::null_value);
    EXPECT_TRUE(row[2].age_ms);
}

TEST_F(Completing, lets_the_request_win_unless_the_policy_says_otherwise) {
    published("user", "u1", R"({"count_1h":3})");
    const std::string record = R"({"amount":1,"user_id":"u1","count_1h":8,"merchant_risk":0.5})";
    EXPECT_EQ(features(record)[1].value, 8);
    rules_[0].request_wins = rules_[1].request_wins = false;
    EXPECT_EQ(features(record)[1].value, 3);
    EXPECT_EQ(features(record)[2].value, 0.5) << "what the store does not have, the request may give";
}

TEST_F(Completing, reads_the_version_of_a_view_on_which_the_model_was_trained) {
    published("user", "u1", R"({"count_1h":3})");
    published("user", "u1", R"({"count_1h":99})", "2026-02-02T02:39:30Z", 2);
    EXPECT_EQ(features(R"({"amount":1,"user_id":"u1","merchant_risk":0})")[1].value, 3);
    shape_.views[{"user"}] = 2;
    EXPECT_EQ(features(R"({"amount":1,"user_id":"u1","merchant_risk":0})")[1].value, 99);
}

TEST_F(Completing, names_row_and_column_of_what_is_no_number) {
    for (const auto* amount : {R"("12.5")", R"("NaN")", "true", "[1]", "{}"})
        EXPECT_EQ(mistake(R"({"amount":)" + std::string(amount) + R"(,"user_id":"u1","merchant_risk":0})"),
                  "row 0, column amount: there is no number; write one, or null for a missing value");
    EXPECT_EQ(mistake(R"({"amount":1e300,"user_id":"u1","merchant_risk":0})"),
              "row 0, column amount: the number does not fit float32; write a smaller one");
}

TEST_F(Completing, names_row_and_column_of_what_nobody_gives) {
    EXPECT_EQ(mistake(R"({"user_id":"u1","merchant_risk":0})"),
              "row 0, column amount: there is no such column; send it (null is no value)");
    EXPECT_EQ(
        mistake(R"({"amount":1,"user_id":"u1"},{"amount":1,"user_id":"u1","merchant_code":1})"),
        "row 0, column merchant_risk: there is no such column; send it, or merchant_code, by which it is looked up "
        "(null is no value)");
}

class Deriving : public Completing {
protected:
    Deriving() { shape_.columns = {{"amount_vs_mean"}, {"minutes_since_last"}}; }
};

TEST_F(Deriving, takes_the_mean_and_the_last_time_from_the_store) {
    published("user", "u1", R"({"mean_amount":50,"last_time":1769999940})");
    const auto row = features(R"({"amount":75,"user_id":"u1","event_time":1770000000})");
    EXPECT_EQ(row[0].value, 1.5);
    EXPECT_EQ(row[1].value, 1);
    EXPECT_EQ(row[1].status, FeatureStatus::present);
    EXPECT_EQ(row[1].age_ms, 60'000);
}

TEST_F(Deriving, takes_now_where_the_request_has_no_time) {
    published("user", "u1", R"({"mean_amount":50,"last_time":1769999880})");
    EXPECT_EQ(features(R"({"amount":75,"user_id":"u1"})")[1].value, 2);
}

TEST_F(Deriving, counts_at_most_thirty_days) {
    published("user", "u1", R"({"mean_amount":50,"last_time":0})");
    EXPECT_EQ(features(R"({"amount":75,"user_id":"u1"})")[1].value, 43'200);
}

TEST_F(Deriving, gives_null_where_the_mean_or_the_last_time_is_missing_or_the_mean_is_0) {
    published("user", "new", R"({"mean_amount":null,"last_time":null})");
    published("user", "idle", R"({"mean_amount":0,"last_time":1769999880})");
    for (const auto& feature : features(R"({"amount":75,"user_id":"new"})"))
        EXPECT_EQ(feature.status, FeatureStatus::null_value);
    EXPECT_EQ(features(R"({"amount":75,"user_id":"idle"})")[0].status, FeatureStatus::null_value);
    for (const auto& feature : features(R"({"amount":75,"user_id":"nobody"})"))
        EXPECT_EQ(feature.status, FeatureStatus::not_found);
}

TEST_F(Deriving, lets_the_request_give_the_derived_value_itself) {
    const auto row = features(R"({"amount_vs_mean":4,"minutes_since_last":5})");
    EXPECT_EQ(row[0].value, 4);
    EXPECT_EQ(row[1].value, 5);
}

FeatureRow of_user(const std::string& key, core::Time at, double value) {
    return {{"user"}, 1, key, at, {{"x", value}}};
}

double value_of(const FeatureStore& store, const std::string& key) {
    return *store.find({"user"}, 1)->entities.at(key).values.at(0);
}

TEST(FeatureStore, keeps_the_newest_event_time_and_of_equal_ones_the_later) {
    FeatureStore store{2};
    EXPECT_EQ(store.take(of_user("u", 20, 1)), FeatureStore::Taken::stored);
    EXPECT_EQ(store.take(of_user("u", 10, 2)), FeatureStore::Taken::older);
    EXPECT_EQ(value_of(store, "u"), 1);
    EXPECT_EQ(store.take(of_user("u", 20, 3)), FeatureStore::Taken::stored);
    EXPECT_EQ(value_of(store, "u"), 3);
}

TEST(FeatureStore, takes_no_more_entities_than_it_may_hold_and_still_updates_those) {
    FeatureStore store{1};
    store.take(of_user("u", 1, 1));
    EXPECT_EQ(store.take(of_user("v", 1, 1)), FeatureStore::Taken::full);
    EXPECT_EQ(store.take({{"other"}, 1, "u", 1, {}}), FeatureStore::Taken::full);
    EXPECT_EQ(store.take(of_user("u", 2, 5)), FeatureStore::Taken::stored);
    EXPECT_EQ(value_of(store, "u"), 5);
    EXPECT_EQ(store.entities(), 1u);
}

TEST(FeatureRow, says_what_is_wrong_with_it) {
    for (const auto* text :
         {"", "[]", R"({"view":"user"})",
          R"({"view":"user","version":1,"key":"u","event_time":"yesterday","values":{}})",
          R"({"view":"user","version":-1,"key":"u","event_time":"2026-01-31T00:00:00Z","values":{}})",
          R"({"view":"user","version":1,"key":"u","event_time":"2026-01-31T00:00:00Z","values":{"x":"1"}})",
          R"({"view":"user","version":1,"key":"u","event_time":"2026-01-31T00:00:00Z","values":{"x":1e300}})"}) {
        const auto row = read_feature_row(text);
        ASSERT_FALSE(row) << text;
        EXPECT_EQ(row.failure().kind, core::Failure::Kind::poison);
    }
}

}  // namespace
}  // namespace sluice::serving
