import unittest

import fraud_example  # noqa: F401
import numpy as np
import pandas as pd
from feature_job import published
from features import FEATURES, current_users, features, last_midnight
from generator import DAY, generate
from world import LIVE_SINCE, World


class Features(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.transactions, cls.labels = generate(seed=7, users=200)

    def test_the_same_seed_gives_the_same_rows(self):
        again, labels = generate(seed=7, users=200)
        pd.testing.assert_frame_equal(self.transactions, again)
        pd.testing.assert_frame_equal(self.labels, labels)

    def test_a_null_code_is_a_null_risk_and_nothing_else_of_it_is(self):
        made = features(self.transactions, self.labels)
        null = self.transactions.merchant_code.isna()
        self.assertTrue(made.merchant_risk[null].isna().all())
        self.assertFalse(made.merchant_risk[~null].isna().any())

    def test_fifteen_percent_of_live_codes_are_null(self):
        live = self.transactions[self.transactions.event_time >= LIVE_SINCE]
        self.assertAlmostEqual(live.merchant_code.isna().mean(), 0.15, delta=0.02)

    def test_what_is_known_at_midnight_does_not_know_the_day(self):
        stale = features(self.transactions, self.labels, last_midnight)
        now = features(self.transactions, self.labels)
        self.assertLess(stale.count_24h[stale.count_24h != now.count_24h].size, len(stale))
        self.assertGreater((now.count_1h > 0).mean(), 3 * (stale.count_1h > 0).mean())

    def test_the_published_view_is_what_a_model_was_trained_on(self):
        """The two request-time features are derived from mean_amount and last_time."""
        live = (self.transactions.event_time >= LIVE_SINCE) & (self.transactions.event_time < LIVE_SINCE + DAY)
        wanted = features(self.transactions, self.labels, lambda t: np.full_like(t, LIVE_SINCE))[live]
        sent = self.transactions[live].reset_index(drop=True)
        view = current_users(self.transactions, LIVE_SINCE).reindex(sent.user_id).reset_index(drop=True)
        self._agree(sent.amount / view.mean_amount, wanted.amount_vs_mean)
        self._agree(np.minimum((sent.event_time - view.last_time) / 60, 43200), wanted.minutes_since_last)
        self._agree(view.sum_24h.fillna(0), wanted.sum_24h)
        self._agree(view.count_1h.fillna(0), wanted.count_1h)

    def test_the_feature_job_publishes_null_and_never_nan(self):
        no_features = np.empty((0, len(FEATURES)), np.float32)
        rows = list(published(World(self.transactions, self.labels, no_features, no_features, ""), LIVE_SINCE))
        self.assertEqual({row["view"] for row in rows}, {"user", "merchant"})
        self.assertFalse([r for r in rows for v in r["values"].values() if v is not None and not np.isfinite(v)])

    def _agree(self, got, wanted):
        np.testing.assert_allclose(got.astype(np.float32), wanted, rtol=1e-4, atol=1e-3, equal_nan=True)


if __name__ == "__main__":
    unittest.main()
