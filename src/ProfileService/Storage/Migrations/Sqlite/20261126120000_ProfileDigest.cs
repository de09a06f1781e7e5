using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ProfileService.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ProfileDigest : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(name: "digest", table: "profiles", type: "TEXT", nullable: false, defaultValue: "");

            // Existing rows get the digest of the active model, as whose they were served until now.
            migrationBuilder.Sql("""
                UPDATE profiles SET digest = (SELECT substr(s.model, instr(s.model, '@') + 1) FROM served_model s)
                WHERE EXISTS (SELECT 1 FROM served_model s WHERE s.model LIKE profiles.model || '@%' AND s.model NOT LIKE 'marking %')
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "digest", table: "profiles");
        }
    }
}
