"""보호수준 평가: by article of 개인정보의 안전성 확보조치 기준, what the portal can show today, and what it cannot."""
