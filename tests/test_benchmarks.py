"""What a benchmark writes by SQL of its own keeps pace with the tables."""

import pytest
from sqlalchemy import URL, func, select

from app.cli.scenarios.world import PostgresqlWorlds
from app.models.process import Deadline, ProcessInstance
from benchmarks import multitude

MANY = 60


@pytest.mark.postgresql
def test_multitude_of_instances_can_be_filled(postgresql_server: URL):
    worlds = PostgresqlWorlds(postgresql_server)
    with worlds.fresh() as database:
        multitude.fill(database, MANY)
        with database.reading() as session:
            counted = select(func.count(ProcessInstance.id)), select(func.count(Deadline.id))
            assert [session.scalar(each) for each in counted] == [MANY, MANY]
    worlds.close()
