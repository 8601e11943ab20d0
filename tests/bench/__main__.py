"""`make bench`: how fast events are recorded, against bare Bolt; with ARGS=check-ins what check-ins cost."""

import asyncio
import sys

from tests.bench import bench_check_ins, bench_recording

if sys.argv[1:] == ["check-ins"]:
    bench_check_ins.main()
else:
    asyncio.run(bench_recording.main())
